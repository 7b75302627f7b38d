"""What a WSGI server serves."""

from __future__ import annotations

from django.core.handlers.wsgi import WSGIHandler

from detainer import setup

setup.django()
application = WSGIHandler()
