"""A home of its own for each record."""

from own_home import home

__all__ = ["home"]
