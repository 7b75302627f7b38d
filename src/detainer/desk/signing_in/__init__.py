"""Signing in: passwords, second factors, the agency's provider, sessions, limits, and the guard before every page."""
