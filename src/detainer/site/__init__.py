"""The public site: figures, claims, the law and the record's proof, as files that need no script and no server."""

from detainer.site.export import publish

__all__ = ["publish"]
