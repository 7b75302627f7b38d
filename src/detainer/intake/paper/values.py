"""Values as they are printed: days as ISO, names and numbers as they stand. None where it is no such value."""

from __future__ import annotations

import re
from datetime import date, datetime

from rapidfuzz import fuzz, process

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTHS_WHOLE = "january february march april may june july august september october november december".split()
# Not where another number is joined to it: of four, nobody can say which three are the date.
_NUMBERS = re.compile(
    r"(?<!\d)(?<!\d[/\-.|\\])(?<!\d[/\-.|\\]\s)(\d{1,2})\s*[/\-.|\\]\s*(\d{1,2})\s*[/\-.|\\]\s*(\d{4}|\d{2})"
    r"(?!\d)(?!\s?[/\-.|\\]\s?\d)"
)
_ISO = re.compile(r"(?<!\d)(\d{4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(
    r"(?<![\d/])(\d{1,2})(?:st|nd|rd|th)?\s*[\s\-.,/]?\s*([A-Za-z]{3,9})\.?\s*[\s\-.,/]*\s*(\d{4}|\d{2})(?!\d)"
)
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s*(\d{1,2})(?:st|nd|rd|th)?\s*[,.]?\s*(\d{4})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(\d{2})(\d{2})((?:19|20)\d{2})(?!\d)")
_LOOKS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1", "S": "5", "B": "8"})
_LETTERS_MEANT = str.maketrans("0158", "olsB")


def day(text: str, *, birth: bool = False) -> str | None:
    """The first day in a text, month before day as on the forms; two digits of a year lie within the last century."""
    for candidate in (text, re.sub(r"\w+", _as_meant, text)):
        if (hit := _ISO.search(candidate)) and (found := _date(hit[1], hit[2], hit[3], birth=birth)):
            return found
        if hit := _NUMBERS.search(candidate):
            return _date(hit[3], hit[1], hit[2], birth=birth)
        if (hit := _MONTH_FIRST.search(candidate)) and (month := _month(hit[1])):
            return _date(hit[3], month, hit[2], birth=birth)
        if (hit := _DAY_FIRST.search(candidate)) and (month := _month(hit[2])):
            return _date(hit[3], month, hit[1], birth=birth)
        if hit := _COMPACT.search(candidate):
            return _date(hit[3], hit[1], hit[2], birth=birth)
    return None


def _as_meant(word: re.Match[str]) -> str:
    """A word of digits with digits alone, one of letters with letters alone."""
    digits = sum(one.isdigit() for one in word[0])
    return word[0].translate(_LOOKS if 2 * digits >= len(word[0]) else _LETTERS_MEANT)


def _month(name: str) -> str:
    low = name.lower()
    if low[:3] in _MONTHS:
        return str(_MONTHS.index(low[:3]) + 1)
    near = process.extractOne(low, _MONTHS_WHOLE, scorer=fuzz.ratio, score_cutoff=74) if len(low) >= 3 else None
    return str(_MONTHS_WHOLE.index(near[0]) + 1) if near else ""


def _date(year: str, month: str, number: str, *, birth: bool) -> str | None:
    full = int(year)
    if full < 100:
        this = datetime.now().year % 100  # noqa: DTZ005  which century a two-digit year is in needs no zone
        full += 2000 if full <= (this - 1 if birth else this + 1) else 1900
    try:
        found = date(full, int(month), int(number))
    except ValueError:
        return None
    return found.isoformat() if 1900 <= found.year <= 2100 else None


def born(text: str) -> str | None:
    """A day of birth."""
    return day(text, birth=True)


_SEXES = {"male": "M", "female": "F", "nonbinary": "X", "unknown": "U"} | {one.lower(): one for one in "MFXU"}


def sex(text: str) -> str | None:
    """M, F, X or U, whether a letter or a word stands there, as a box beside it would say."""
    return _SEXES.get(re.sub(r"[^a-z]", "", text.lower()))


def file_number(text: str) -> str | None:
    """A file number as it is printed: seven to nine digits, an A before them or not."""
    plain = " ".join(text.split()).strip(" .:#")
    bare = re.sub(r"[\s\-–.()#]", "", plain)
    return plain if re.fullmatch(r"[A-Za-z]{0,2}[0-9OoIlSB]{7,10}", bare) else None


def number(text: str) -> str | None:
    """An event or subject number: letters, digits and joints, at least one digit."""
    plain = " ".join(text.split()).strip(" .:#")
    return plain if re.search(r"\d", plain) and re.fullmatch(r"[\w\-/. ]{2,40}", plain) else None


def words(text: str) -> str | None:
    """A name, place or office as it is printed."""
    plain = " ".join(text.split()).strip(" _:;|")
    return plain if sum(one.isalpha() for one in plain) >= 2 else None


def anything(text: str) -> str | None:
    """Whatever stands there."""
    return " ".join(text.split()) or None


READERS = {
    "subject_name": words,
    "date_of_birth": born,
    "sex": sex,
    "file_number": file_number,
    "event_number": number,
    "subject_id": number,
    "form_date": day,
    "to_agency": words,
    "from_office": words,
    "officer_name": words,
    "served_on": day,
    "cancels_form_of": day,
    "citizenship": anything,
    "officer_signed": anything,
    "other": anything,
}
WHAT = {
    "date_of_birth": "date",
    "form_date": "date",
    "served_on": "date",
    "cancels_form_of": "date",
    "sex": "M, F or X",
    "file_number": "file number",
    "event_number": "number",
    "subject_id": "number",
}

_DIGITS, _CAPITALS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PRINTED = _CAPITALS + _CAPITALS.lower() + _DIGITS + " .,;:'\"()/&#-"
ACCENTED = "ÁÉÍÓÚÑÜáéíóúñü"
_DAYS = _DIGITS + "/-., " + "".join(sorted(set("".join(_MONTHS_WHOLE) + "JFMASOND")))
# All that may stand in a field, save letters with accents: what further looks at a picture of it may read.
LETTERS = {
    "subject_name": _PRINTED,
    "to_agency": _PRINTED,
    "from_office": _PRINTED,
    "officer_name": _PRINTED,
    "date_of_birth": _DAYS,
    "form_date": _DAYS,
    "served_on": _DAYS,
    "cancels_form_of": _DAYS,
    "sex": "MFXUmalefnkowbiry",
    "file_number": "A" + _DIGITS + " -",
    "event_number": _CAPITALS + _DIGITS + " -/",
    "subject_id": _CAPITALS + _DIGITS + " -/",
}
