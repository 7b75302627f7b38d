"""Detainer Desk: the system of record and decision for requests by federal immigration authorities."""

__version__ = "0.1.0"
