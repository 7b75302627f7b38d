"""What goes out: replies to the requester and notices, as papers."""
