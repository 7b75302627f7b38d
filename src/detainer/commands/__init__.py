"""The commands of `detainer`, one a module."""
