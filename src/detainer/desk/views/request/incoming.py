"""Papers that came in: the queue, the upload, and the page where a person confirms what one says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from detainer import clock
from detainer.desk.duties import looks, quota
from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.form import drafts
from detainer.desk.form.entry import Typed
from detainer.desk.form.paper_draft import FORMS, LINKS, SENDERS, PaperDraft, first_typed, said_of
from detainer.desk.pages import NotYours, agency_name, require, require_at, show, staff, zone_of
from detainer.desk.wording import readings
from detainer.desk.wording.clockwords import moment
from detainer.desk.wording.mistakes import all_told
from detainer.desk.wording.words import tr
from detainer.errors import UserError
from detainer.intake import confirming, pictures, queue, steps, uploads
from detainer.intake.models import Draft
from detainer.intake.paper.reading import LARGEST
from detainer.intake.summary import SHOWN, Summary
from detainer.record.agencies import book
from detainer.record.models import Request

_ROOM = 256 * 1024  # of a form's body beside its files
_MOST_PAGES = 8
_ENDINGS = ("pdf", "png", "jpg", "jpeg", "tif", "tiff")
_PLAIN = ("form", "received", "from", "booking", "complete", "request", "why")


@staff
def listing(request: HttpRequest, duties: Duties) -> HttpResponse:
    """The papers that wait, and the form to upload more."""
    return _queue(request, duties)


def _queue(request: HttpRequest, duties: Duties, told: uploads.Told | None = None, status: int = 200) -> HttpResponse:
    agencies = [agency for agency in require(duties, Action.ENTER) if agency in book().agencies]
    if not agencies:
        raise PermissionDenied(_("No law file names your agency yet, so nothing can be taken in for it."))
    now = clock.now()
    here = queue.waiting(agencies)
    rows, reading = ([_row(one, now) for one in here if one.being_read is being] for being in (False, True))
    context = {
        "page": "incoming",
        "rows": rows,
        "reading": reading,
        "agencies": [(one, agency_name(one)) for one in agencies],
        "mappings": uploads.mappings(),
        "told": told and (readings.uploaded(told.problems), readings.uploaded(told.lines)),
        "tables": [_table(one) for one in told.tables] if told else [],
        "largest": LARGEST // 1024**2,
    }
    return show(request, "incoming.html", context, status=status)


def _row(one: queue.Waiting, now: datetime) -> dict[str, Any]:
    return {
        "one": one,
        "title": queue.title(one.form),
        "agency": agency_name(one.agency),
        "came": moment(one.came, zone_of(one.agency), now=now),
        "way": one.way,
        "problems": readings.again(one.problems),
    }


def _table(one: Summary) -> dict[str, Any]:
    """What came of a table, in the reader's words; its first problems, as many as a person mends by hand."""
    return {
        "one": one,
        "agency": agency_name(one.agency),
        "note": readings.again([one.note], readings.DATED)[0],
        "months": sorted(one.by_month.items()),
        "problems": [(line, readings.again([why], readings.ROWS)[0]) for line, why in one.problems[:SHOWN]],
        "more_problems": max(0, one.bad - SHOWN),
        "skipped": [(rows, tr(skip.reason), skip.facility, skip.agency) for skip, rows in one.listed[:SHOWN]],
        "more_skipped": max(0, len(one.listed) - SHOWN),
        "columns": ", ".join(one.unread),
    }


def _sized(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse what is too large before a byte of it is read, which the check of the form's token would do."""

    def guarded(request: HttpRequest, duties: Duties) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > LARGEST + _ROOM:
            words = _("Larger than %d MB in all. Nothing was taken in: send fewer files at once.") % (
                LARGEST // 1024**2
            )
            return _queue(request, duties, uploads.Told(problems=(words,)), status=413)
        return view(request, duties)

    return guarded


@csrf_exempt
@staff
@_sized
@csrf_protect
@require_POST
def upload(request: HttpRequest, duties: Duties) -> HttpResponse:
    """Keep what was chosen, to be read in the background; a table's rows are taken in at once."""
    agencies = [agency for agency in require(duties, Action.ENTER) if agency in book().agencies]
    asked = request.POST.get("agency", "")
    agency = asked if asked in agencies else next(iter(agencies), "")
    files: list[Any] = [one for one in request.FILES.getlist("files") if one]
    if not agency or not files:
        return _queue(request, duties, uploads.Told(problems=(_("Choose one file or more."),)), status=422)
    told = uploads.take(
        [(one.name or "", one.read()) for one in files],
        agency,
        mapping=request.POST.get("mapping", ""),
        only_look=bool(request.POST.get("look")),
        author=duties.author,
    )
    if told.draft_id and not told.problems:
        return redirect("draft", told.draft_id)
    return _queue(request, duties, told, status=422 if told.problems else 200)


@staff
def draft(request: HttpRequest, duties: Duties, draft_id: str) -> HttpResponse:
    """One paper: what was read, each value beside the spot it came from; recorded once a person stands for it."""
    found = _find(duties, draft_id)
    renewed = request.method == "GET" and request.headers.get("HX-Request") == "true"
    if found.state == Draft.READING:
        return _being_read(request, found)
    if renewed:  # the page on which somebody waited for it to be read
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("draft", args=[found.id])})
    if found.state != Draft.WAITING:
        if found.request_id:
            return redirect("request", found.request_id)
        messages.info(request, _("This paper was set aside."))
        return redirect("incoming")
    zone, now = zone_of(found.paper.agency), clock.now()
    posted = request.method == "POST"
    typed = _typed(request.POST) if posted else first_typed(found, zone)
    do = typed.one("do")
    typed = drafts.rows_changed(typed, do)
    made = PaperDraft(found, typed, posted, zone, now)
    try:
        if posted and (done := _deed(request, duties, made, do)):
            return done
    except UserError as error:
        made.problems += all_told(error, zone)
    if not posted:
        _shown(found, "draft", duties)
    if made.before:
        ids = [one.alike.request_id for one in made.before]
        looks.named(request, ids, [found.paper.agency], "incoming", duties.author)
    return _page(request, made, do)


def _being_read(request: HttpRequest, found: Draft) -> HttpResponse:
    """Where a paper stands that is being read. It has no picture yet: nobody knows what is to be covered on it."""
    zone, paper = zone_of(found.paper.agency), found.paper
    context = {
        "page": "incoming",
        "draft": found,
        "came": moment(paper.came, zone, now=clock.now()),
        "way": queue.way(paper.way),
        "agency": agency_name(paper.agency),
        "begun": bool(paper.reader),
        "at": paper.page,
        "of": paper.pages,
    }
    return show(request, "being_read.html", context)


def _page(request: HttpRequest, made: PaperDraft, do: str) -> HttpResponse:
    found, labels, trying = made.draft, made.labels(), do in ("record", "attach")
    wrong = [(*labels.get(name, (name, "main")), words) for name, words in made.errors.items()] if trying else []
    pages = made.pages
    if not pages:
        first = pictures.of_page(found, 1)
        pages = list(range(1, min(first.pages, _MOST_PAGES) + 1)) if first else []
    context = {
        "page": "incoming",
        "made": made,
        "draft": found,
        "title": queue.title(found.form),
        "came": moment(found.paper.came, made.zone, now=made.now),
        "way": queue.way(found.paper.way),
        "agency": agency_name(found.paper.agency),
        "said": readings.again([*found.reading.get("problems", ()), *found.paper.said]),
        "pages": pages,
        "wrong": wrong,
        "trying": trying or bool(made.problems),
        "forms": FORMS,
        "senders": {value: _(words) for value, words in SENDERS.items()},
        "links": {value: _(words) for value, words in LINKS.items()},
        "show_errors": trying,
        "yes_no": (("true", _("Yes")), ("false", _("No")), ("", _("Not said"))),
        "draft_url": reverse("draft", args=[found.id]),
        "typed_warrants": made.typed.one("ok.warrants"),
        **{f"typed_{name}": made.typed.one(name) for name in _PLAIN},
    }
    return show(request, "draft.html", context, status=422 if trying or made.problems else 200)


def _deed(request: HttpRequest, duties: Duties, made: PaperDraft, do: str) -> HttpResponse | None:
    """What was asked for; None where the page is to be shown again."""
    author = duties.author
    if do == "record" and not made.is_warrant and not made.errors:
        new = confirming.record(
            made.draft.id, made.confirmed(), author=author, companions=made.with_it(), links=made.links()
        )
        messages.success(request, _("Request %s is on record, with the paper it came on.") % new.number)
        return redirect("request", new.id)
    if do == "attach" and made.is_warrant and not made.errors:
        there = _numbered(made)
        warrants = made.entry.lists.get("warrants")
        confirming.add_papers(
            made.draft.id, there, warrants if isinstance(warrants, list) else [], said_of(made.form), author=author
        )
        messages.success(request, _("The paper is kept with request %s, and the law was asked again.") % there.number)
        return redirect("request", there.id)
    if do.startswith("keep "):
        there = _one_of(made, do.removeprefix("keep "))
        confirming.keep_with(made.draft.id, there, author=author)
        messages.success(request, _("The paper is kept with request %s; no new request was made.") % there.number)
        return redirect("request", there.id)
    if do == "aside":
        confirming.aside(made.draft.id, made.typed.one("why"), author=author)
        messages.success(request, _("The paper was set aside."))
        return redirect("incoming")
    return None


def _numbered(made: PaperDraft) -> Request:
    number = made.typed.one("request").strip()
    found = Request.objects.filter(agency=made.draft.paper.agency, number=number, sealed_at=None).first()
    if found is None:
        raise UserError(_("your agency has no request of that number"), fix=_("Write it like 2026-0412."))
    return found


def _one_of(made: PaperDraft, request_id: str) -> Request:
    found = Request.objects.filter(agency=made.draft.paper.agency, id=request_id, sealed_at=None).first()
    if found is None:
        raise UserError(_("there is no such request"))
    return found


@staff
def page(request: HttpRequest, duties: Duties, draft_id: str, number: int) -> HttpResponse:
    """The picture of a page, with what nobody may read covered."""
    found = _find(duties, draft_id)
    picture = None if found.state == Draft.READING else pictures.of_page(found, number)
    if picture is None:
        raise Http404
    _shown(found, "draft", duties)
    answer = HttpResponse(picture.png, content_type="image/png")
    answer["Cache-Control"] = "no-store"
    return answer


@staff
def original(request: HttpRequest, duties: Duties, draft_id: str) -> HttpResponse:
    """The file as it came, to keep and never to open here."""
    found = _find(duties, draft_id, Action.SEE_PERSON)
    said = found.paper.name.rpartition(".")[2].lower()
    ending = said if said in _ENDINGS else "bin"  # none that opens as a page or a program where it is saved
    return _handed(found, bytes(found.paper.data), f"paper-{found.paper_id[:8]}.{ending}", duties)


@staff
def copy(request: HttpRequest, duties: Duties, draft_id: str) -> HttpResponse:
    """The pages of one form alone, to hand to the person: a file may hold the forms of several."""
    found = _find(duties, draft_id, Action.SEE_PERSON)
    return _handed(found, pictures.copy_of(found), f"request-{found.id[:8]}.pdf", duties)


def _handed(found: Draft, data: bytes | None, name: str, duties: Duties) -> HttpResponse:
    if not data:
        raise Http404
    _shown(found, "original", duties)
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _find(duties: Duties, draft_id: str, action: Action = Action.ENTER) -> Draft:
    """A paper of an agency where this person has that duty; any other is not there, nor is one of a sealed request."""
    found = Draft.objects.select_related("paper").filter(id=draft_id).first()
    if found is None:
        raise Http404
    if not duties.at(found.paper.agency):
        raise NotYours
    made = found.paper.drafts.exclude(request_id="").values("request_id")
    sealed = Request.objects.filter(id__in=made, sealed_at__isnull=False)
    if found.paper.agency not in duties.agencies(Action.SEE_SEALED) and sealed.exists():
        raise NotYours
    require_at(duties, action, found.paper.agency)
    return found


def _typed(posted: QueryDict) -> Typed:
    return Typed({name: tuple(values) for name, values in posted.lists()})


def _shown(found: Draft, what: str, duties: Duties) -> None:
    """That somebody looks at a paper is an event, and counts like a look at a record."""
    by = duties.author
    steps.shown(found.paper.agency, found.id, what, by, lambda: quota.take(by, "records", must=what == "draft"))
