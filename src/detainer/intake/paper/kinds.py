"""What a page is: a form of the I-247 family, a warrant of an officer, perhaps of a judge, or a page left aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from detainer.intake.paper.labels import Label
from detainer.intake.paper.shapes import Box, Page

ADMINISTRATIVE = ("I-200", "I-205")
JUDICIAL = "judicial"
_BLANK = 0.002  # of a scanned page inked: the back of a sheet
CONTINUED, ASIDE, STRANGE = "continued", "aside", "strange"

# A form's own number, as its foot or head prints it; scans take its I for 1, l or |.
_NUMBER = re.compile(r"(?<![A-Za-z0-9])[Il1|!\]]\s?[-–—‐.~_]?\s?247\s?[-–]?\s?([ADNXadnx])?(?![A-Za-z0-9])")
_TITLES = (
    ("I-247D", r"requestforvoluntaryaction"),
    ("I-247N", r"requestforvoluntarynotification|voluntarynotificationofrelease"),
    ("I-247X", r"requestforvoluntarytransfer"),
    ("", r"immigrationdetainer"),
)
_WARRANTS = (
    ("I-205", r"warrantofremoval|warrantfordeportation|formi205|warrantofdeportation"),
    ("I-200", r"warrantforarrestofalien|warrantforarrestofnoncitizen|formi200"),
)
_COURT = r"(?:united)?statesdistrictcourt|usdistrictcourt|usmagistratejudge|unitedstatesmagistratejudge|ao442"
_ORDERS = (
    r"arrestwarrant|warrantforarrest|youarecommanded|commandedtoarrest|criminalcomplaint|judicialwarrant|warrantof"
)
_DETAINER = r"immigrationdetainer|i247"
_IMMIGRATION_COURT = r"executiveofficeforimmigrationreview|immigrationcourt|immigrationjudge"
_NOTICE = (
    r"noticetothe(?:detainee|alien|subject)|avisoal|aviso|avis(?:au|à)?detenu|avisaudetenu|thongbao|thôngbáo|notificação|notificacao|powiadom"
    r"|уведомление|8554486903|detenido|拘留|通知|إشعار|imigra|inmigra|immigrationetdes|nhapcu"
)
_HEAD = (
    "subject_name",
    "date_of_birth",
    "file_number",
    "event_number",
    "subject_id",
    "to_agency",
    "from_office",
    "form_date",
)
_FOOT = ("served_on", "officer_name", "officer_signed", "cancels_form_of")


@dataclass(frozen=True)
class Kind:
    """What a page is, how its form was told, and what is doubtful about that."""

    name: str  # a form, or CONTINUED, ASIDE, STRANGE
    doubt: str = ""
    first: bool = False
    number: str = ""  # the form number that the page prints


def kind_of(page: Page, labels: Sequence[Label]) -> Kind:
    """What a page is by its own marks."""
    return replace(_kind(page, labels), number=_number(page.words) or "")


def _kind(page: Page, labels: Sequence[Label]) -> Kind:
    text = page.squeezed
    has = {label.field for label in labels}
    head = [name for name in _HEAD if name in has]
    number = _number(page.words)
    titled = next((form for form, title in _TITLES if re.search(title, text)), None)
    heading = len(head) >= 3 and ("subject_name" in has or "date_of_birth" in has)
    warrant = next((form for form, mark in _WARRANTS if re.search(mark, text)), "")
    if warrant and not (heading and (number or titled is not None) and not _early(text, warrant)):
        return Kind(warrant, first=True)
    ordered = bool(re.search(_ORDERS, text))
    unmarked = not number and titled is None  # a court's paper may have a name, a date and a number at its head, too
    if re.search(_COURT, text) and ((unmarked and ordered) or not heading) and not re.search(_DETAINER, text[:400]):
        return Kind(STRANGE if re.search(_IMMIGRATION_COURT, text) or not ordered else JUDICIAL, first=True)
    if heading:
        return _form(number, titled, text)
    if re.search(_NOTICE, text):
        return Kind(ASIDE)
    if any(name in has for name in _FOOT) and len(has) >= 2:
        return Kind(CONTINUED)
    if titled is not None and number:
        return _form(number, titled, text) if len(head) >= 2 else Kind(ASIDE)
    blank = not page.scanned or page.ink(Box(0, 0, page.width, page.height)) < _BLANK
    if len(text) < 40 and blank and not page.unread:
        return Kind(ASIDE)
    foreign = sum(1 for one in page.words if ord(one) > 127 and one.isalpha())
    if number or foreign > 0.04 * max(1, len(text)):
        return Kind(ASIDE)
    return Kind(STRANGE)


def _early(text: str, warrant: str) -> bool:
    """Whether a warrant's title stands at the page's head, before any detainer's."""
    at = min(
        (hit.start() for form, mark in _WARRANTS if form == warrant and (hit := re.search(mark, text))), default=9999
    )
    hit = re.search(r"immigrationdetainer|noticeofaction|requestforvoluntary", text)
    return at < (hit.start() if hit else 9999) and at < 200


def _number(words: str) -> str | None:
    """The form's number with most mentions, one with a letter before one without; None where none is printed."""
    seen: Counter[str] = Counter()
    for hit in _NUMBER.finditer(words):
        before = words[max(0, hit.start() - 12) : hit.start()].lower()
        seen[(hit[1] or "").upper()] += 3 if "form" in before else 1
    if not seen:
        return None
    letters = [(count, letter) for letter, count in seen.items() if letter]
    return f"I-247{max(letters)[1] if letters else ''}"


def _form(number: str | None, titled: str | None, text: str) -> Kind:
    if number and titled and number != titled:
        return Kind(number, f"is marked {number} but headed like {titled}; taken for {number}", first=True)
    if number:
        return Kind(number, first=True)
    if titled:
        return Kind(titled, f"has no form number that can be read; told to be {titled} by its heading", first=True)
    if re.search(r"excludingsaturdays|weekendsandholidays", text):
        told = "I-247"
    elif re.search(r"probablecause|nottoexceed48hours", text):
        told = "I-247A"
    else:
        return Kind("I-247", "has no form number that can be read; which I-247 it is must be looked up", first=True)
    return Kind(told, f"has no form number that can be read; told to be {told} by its wording", first=True)
