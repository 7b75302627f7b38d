"""The public site as it was last published, for anyone: no sign-in, and nothing computed from the record."""

from __future__ import annotations

from typing import Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from detainer.house import house

NOTHING: Final = "Nothing is published yet. `detainer publish` does it.\n"
TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".txt": "text/plain; charset=utf-8",
    ".py": "text/plain; charset=utf-8",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
def public(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """A file of the published folder; never one outside it."""
    folder = house().public.resolve()
    if not folder.is_dir():
        return HttpResponse(NOTHING, content_type="text/plain; charset=utf-8", status=404)
    if "\0" in path:
        raise Http404
    file = (folder / (path or "index.html")).resolve()
    if not file.is_relative_to(folder) or not file.is_file():
        raise Http404
    return FileResponse(file.open("rb"), content_type=TYPES.get(file.suffix, "application/octet-stream"))
