"""What templates of this and of other rooms may use."""
