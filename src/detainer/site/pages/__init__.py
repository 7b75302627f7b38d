"""What stands on the pages of the site; each module makes one kind of page from the same material."""
