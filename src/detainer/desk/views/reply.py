"""The reply to the requester, as a PDF; that it was made is an event with its digest."""

from __future__ import annotations

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from detainer import clock
from detainer.answer import reply
from detainer.desk.pages import find, staff
from detainer.desk.permissions import Action, Duties
from detainer.desk.views.request import Wrong, shown
from detainer.errors import UserError
from detainer.record import journal


@staff
@require_POST
def make(request: HttpRequest, duties: Duties, request_id: str) -> HttpResponse:
    """Make the reply and hand it over as a file; nothing is recorded when there is nothing to reply yet."""
    found = find(duties, request_id, Action.REPLY)
    try:
        paper = reply.pdf(found, found.determination())
    except UserError as error:
        return shown(request, duties, found, Wrong("reply", "", "", "", error.line()))
    digest = sha256(paper).hexdigest()
    detail = {"document": f"reply:sha256:{digest}", "language": "en"}
    journal.act(found, "replied", happened=clock.now(), author=duties.author, detail=detail)
    answer = HttpResponse(paper, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="reply-{found.number}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer
