"""The law in the open: what stands at each address under /law/."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from detainer.desk.duties import heavy
from detainer.desk.form.entry import Typed
from detainer.desk.form.questions import plan
from detainer.errors import UserError
from detainer.law import answer_page, catalog, offense, pages, reading, writing
from detainer.law.entries import Entry
from detainer.law.lawfile import LawFile, Version
from detainer.law.markup import Markup, tag
from detainer.record.agencies import book
from detainer.site import law_changes, law_facts, law_land, law_lists
from detainer.site.law_links import law_url, version_url
from detainer.site.law_shell import Busy, NotThere, day_in, open_to_all, show, today
from detainer.site.law_shown import Shown, shown

_MOST_BOUND = 4  # agencies named beside a law; the page of all laws names the others
_LONGEST = 100


@open_to_all
def places(request: HttpRequest) -> HttpResponse:
    """Every place with its laws and their versions, every agency with the laws that bind it."""
    found, now = book(), today()
    listed = [
        {
            "path": place.path,
            "laws": [
                {
                    "law": one,
                    "grades": [(grade, count) for grade, count in catalog.grades(one).items() if grade and count],
                    "versions": [_version(one, version, now) for version in one.versions],
                }
                for one in place.laws
            ],
        }
        for place in catalog.places(found)
    ]
    agencies = [(agency, [found.laws[name] for name in agency.laws]) for agency in found.agencies.values()]
    grades = [(pages.grade(mark), says) for mark, says in catalog.GRADE_SAYS.items()]
    return show("places.html", {"places": listed, "agencies": agencies, "grades": grades, "page": "laws"})


@open_to_all
def law(request: HttpRequest, law: str) -> HttpResponse:
    """One law on one day, in its own order."""
    found, day = _law(law), day_in(request, "on", today())
    page = reading.read(book(), law, day)
    cases = shown(book(), found, page.version)
    beside = pages.Beside(lambda version: version_url(law, version, today()), lambda entry: _beside(entry, cases, day))
    context = {
        "law": found,
        "day": day,
        "text": pages.html(page, 1, beside),
        "rules": [entry for section in page.sections for entry in section.entries if entry.kind == "provision"],
        "bound": [agency for agency in book().agencies.values() if law in agency.laws][:_MOST_BOUND],
    }
    return show("law.html", context)


@open_to_all
def offenses(request: HttpRequest) -> HttpResponse:
    """The offense lists, or what they say of a section or of some words."""
    words, day = " ".join(request.GET.get("q", "").split()), day_in(request, "on", today())
    if len(words) > _LONGEST:
        raise UserError(f"that is longer than {_LONGEST} characters", where="q")
    context: dict[str, object] = {"words": words, "day": day, "page": "offenses"}
    if not re.search(r"\d", words):
        return show("offenses.html", context | {"tables": law_lists.tables(book(), day, words)})
    found = offense.look_up(book(), words, day)
    tables = law_lists.found_tables(found)
    return show("offenses.html", context | {"tables": tables, "one": found.sought.text, "nearest": found.nearest})


@open_to_all
def attempt(request: HttpRequest) -> HttpResponse:
    """A form to try facts, with the answer beside it; its address keeps them."""
    shorter = law_facts.tidied(request.GET)
    if shorter is not None:
        return HttpResponseRedirect(shorter)
    said = law_facts.typed(request.GET)
    tried = law_facts.read(said, law_facts.agency_in(said))
    answer = book().decide(tried.case)
    empty = law_facts.read(Typed({}), tried.agency, tried.at)
    form = plan(tried.entry, answer, book().decide(empty.case))
    zone, day = tried.agency.zone, tried.at.astimezone(tried.agency.zone).date()
    text = answer_page.html(answer, zone, lambda law, _version, provision: law_url(law, provision, day))
    context = {
        "tried": tried,
        "form": form,
        "answer": text,
        "at": said.one("at"),
        "address": law_facts.address(said, tried),
        "agencies": book().agencies.values(),
        "wrong": [(field.label, field.id, field.error) for field in form.all_fields() if field.error],
        "page": "try",
    }
    return show("try.html", context, 400 if tried.wrong else 200)


@open_to_all
def case_file(request: HttpRequest) -> HttpResponse:
    """The facts of the address as a case file for `detainer decide`."""
    said = law_facts.typed(request.GET)
    tried = _readable(law_facts.read(said, law_facts.agency_in(said)))
    answer = HttpResponse(writing.written(tried.case), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="case.yaml"'
    return answer


@open_to_all
def the_land(request: HttpRequest) -> HttpResponse:
    """What every agency would be told of the facts of the address."""
    said = law_facts.typed(request.GET)
    tried = law_land.read(book(), said)
    for one in tried:
        _readable(one)
    try:
        with heavy.public():
            decisions, rows = law_land.rows(book(), tried, said)
    except heavy.Busy:
        raise Busy("others are being answered", fix="Ask again in a few seconds.") from None
    back = law_facts.address(said, next((one for one in tried if one.agency.id == said.one("agency")), tried[0]))
    return show("land.html", {"decisions": decisions, "rows": rows, "back": back, "page": "land"})


@open_to_all
def difference(request: HttpRequest, law: str) -> HttpResponse:
    """What changed in a law between two days: the facts, what it said then, what it says now."""
    found = _law(law)
    before, after = law_changes.last_change(found) or (today() - timedelta(days=1), today())
    days = day_in(request, "from", before), day_in(request, "to", after)
    compared = law_changes.changes(book(), law, days)
    context = {
        "law": found,
        "then": days[0],
        "now": days[1],
        "versions": [
            _version(found, version, day) if version else None for day in days for version in [found.version_on(day)]
        ],
        "rows": compared.rows,
        "complete": compared.complete,
        "agency": book().agencies[compared.agency].name,
    }
    return show("difference.html", context)


def _law(name: str) -> LawFile:
    if name not in book().laws:
        raise NotThere(f"there is no law {name[:60]}", fix="The page of all laws names them.")
    return book().laws[name]


def _readable(tried: law_facts.Tried) -> law_facts.Tried:
    """The facts, where all of them could be read; UserError with the first that could not."""
    for name, line in tried.wrong:
        raise UserError(line, where=name)
    return tried


def _version(law: LawFile, version: Version, day: date) -> dict[str, object]:
    days = reading.span(version.span.first, version.span.last)
    return {"days": days, "by": version.by, "address": version_url(law.id, version, day)}


def _beside(entry: Entry, cases: Shown, day: date) -> tuple[Markup, ...]:
    """Below a provision the worked cases that it decided; below an offense list, the way to its rows."""
    if entry.kind == "list":
        return (tag("p", tag("a", "Look through the rows", href=f"{reverse('law-offenses')}?on={day}")),)
    found = cases.get(entry.id) if entry.kind in ("provision", "limit") else None
    if found is None:
        return ()
    links = [
        tag("li", tag("a", name, href=address), f": {about}" if about else "") for name, about, address in found.first
    ]
    rest = found.count - len(found.first)
    more = [tag("p", f"And {rest} more in the law's folder.")] if rest else []
    count = f"{found.count} worked case{'s' if found.count > 1 else ''} in which it decides"
    return (tag("details", tag("summary", count), tag("ul", *links), *more, class_="shown"),)
