"""The papers of a request: made, recorded with their digests, listed and handed over as files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from detainer import clock
from detainer.answer import papers
from detainer.desk.duties import looks
from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.pages import find, staff, zone_of
from detainer.desk.request.papers import WITH_COPY
from detainer.desk.views.request.request import Wrong, shown
from detainer.desk.wording.mistakes import told
from detainer.errors import UserError
from detainer.intake import queue
from detainer.record.models import Request


@staff
@require_POST
def make(request: HttpRequest, duties: Duties, request_id: str) -> HttpResponse:
    """Make a paper and hand it over as a file; nothing is recorded when there is nothing to say yet."""
    found = find(duties, request_id, Action.REPLY)
    kind, reason = request.POST.get("paper", "reply"), request.POST.get("reason", "").strip()
    try:
        lang, copies = request.POST.get("lang", "en"), _copies(found) if kind in WITH_COPY else []
        made = papers.make(found, kind, lang, author=duties.author, reason=reason, copies=copies)
    except UserError as error:
        form = "reply" if "paper" not in request.POST else "paper"
        return shown(request, duties, found, Wrong(form, "", "", reason, told(error, zone_of(found.agency))))
    return _file(made, "pdf")


@staff
def download(request: HttpRequest, duties: Duties, request_id: str, seq: int, form: str) -> HttpResponse:
    """A paper that was made before; that somebody looked is recorded."""
    found = find(duties, request_id, Action.SEE_PERSON)
    if form not in ("pdf", "html"):
        raise Http404
    try:
        made, same = papers.again(found, seq)
    except UserError:
        raise Http404 from None
    looks.looked(found, duties.author, "paper", now=clock.now())
    answer = _file(made, form)
    if not same:
        answer["X-Detainer-Set-Anew"] = "the words are those recorded; the program that set them has changed since"
    return answer


def _copies(found: Request) -> list[str]:
    """The digests of the forms that the request came on, which go with a notice to the person."""
    return [draft.paper.digest for draft in queue.of_request(found.id) if draft.form.startswith("I-247")]


def _file(made: papers.Made, form: str) -> HttpResponse:
    content, kind = (made.html, "text/html; charset=utf-8") if form == "html" else (made.pdf, "application/pdf")
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{made.name(form)}"'
    answer["Cache-Control"] = "no-store"
    return answer
