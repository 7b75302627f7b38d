"""What recognition takes for something else, put right where the grammar of a field leaves no choice."""

from __future__ import annotations

import re
from collections.abc import Callable

from rapidfuzz.distance import Levenshtein

_AS_DIGIT = str.maketrans("OoQDIl|iSsBZzG", "00001111558226")
_AS_CAPITAL = {
    "c": "C",
    "o": "O",
    "s": "S",
    "u": "U",
    "v": "V",
    "w": "W",
    "x": "X",
    "z": "Z",
    "l": "I",
    "1": "I",
    "0": "O",
    "5": "S",
    "8": "B",
}
# Words of titles, offices and addresses, to which a word that is one letter off is brought back.
_WORDS = (
    "Deportation Officer Immigration Enforcement Supervisory Detention Removal Operations Customs Special Agent Field"
    " Director Department Correction Corrections Police Sheriff Office County City Jail Prison Precinct Bureau Division"
    " Center Facility Street Avenue Road Plaza Suite Room Floor Building Boulevard Federal Homeland Security"
).split()
_KNOWN = {word.lower(): word for word in _WORDS}


def mended(field: str, text: str) -> str:
    """The text of a field without what its grammar rules out; unchanged where there is nothing to mend."""
    mend = _MENDERS.get(field)
    return mend(text) if mend else text


def _name(text: str) -> str:
    """Words in capitals have no small letters or digits that look like theirs; a full stop between words is a comma."""
    text = re.sub(r"(?<=[A-Za-z]{3})\s*\.\s+(?=[A-Z])", ", ", text)
    return " ".join(_capitals(word) for word in text.split())


def _capitals(word: str) -> str:
    capitals = sum(one.isupper() for one in word)
    small = [one for one in word if one.isalnum() and not one.isupper()]
    if capitals >= 3 and small and capitals > 2 * len(small) and all(one in _AS_CAPITAL for one in small):
        head = 2 if word.startswith("Mc") else 0
        return word[:head] + "".join(_AS_CAPITAL.get(one, one) for one in word[head:])
    return word


def _title(text: str) -> str:
    """A name and a title, an office, an address: commas where full stops cannot be, and words one letter off."""
    text = re.sub(r"\s+,", ",", text)
    text = re.sub(r"(?<=[a-z]{4})\s?\.\s*(?=[A-Z0-9])", ", ", text)
    text = re.sub(r"(?<=[0-9a-z]),(?=[A-Z0-9])", ", ", text)
    text = re.sub(r"(?<=\d)(?=[A-Z][a-z])", " ", text)
    return " ".join(_word(word) for word in text.split())


def _word(word: str) -> str:
    hit = re.fullmatch(r"([^\w]*)(\w+(?:[.,]?\w+)?)([^\w]*)", word)
    if not hit or len(hit[2]) < 4 or hit[2].lower() in _KNOWN:
        return word
    bare = re.sub(r"[.,]", "", hit[2])
    most = 1 if len(bare) < 8 else 2
    near = [
        known for low, known in _KNOWN.items()
        if abs(len(low) - len(bare)) <= most and Levenshtein.distance(low, bare.lower(), score_cutoff=most) <= most
    ]  # fmt: skip
    return f"{hit[1]}{near[0]}{hit[3]}" if len(near) == 1 and bare[:1].isupper() == near[0][:1].isupper() else word


def _file_number(text: str) -> str:
    """An A and eight or nine digits, all in threes where some are."""
    plain = " ".join(text.split()).strip(" .:#,")
    head, rest = (
        (plain[0], plain[1:]) if plain[:1] in ("A", "a", "4") and len(re.sub(r"\W", "", plain)) == 10 else ("", plain)
    )
    digits = re.sub(r"\D", "", rest.translate(_AS_DIGIT))
    if head in ("a", "4"):
        head = "A"
    inner = re.findall(r"(?<=\w)\s*([ \-–.])\s*(?=\w)", rest)
    first = bool(re.match(r"[\s\-.]", rest)) if head else False
    if len(digits) not in (8, 9) or not rest.strip(" -"):
        return text
    joint = "-" if inner.count("-") + inner.count("–") > 0 else " "
    lead = len(digits) - 6
    parted = {
        len(re.sub(r"\D", "", rest[: hit.start()].translate(_AS_DIGIT))) for hit in re.finditer(r"[ \-–.]+", rest)
    }
    if not parted & {lead, lead + 3}:
        return f"{head}{' ' if first else ''}{digits}"
    groups = digits[:lead], digits[lead : lead + 3], digits[lead + 3 :]
    return f"{head}{' ' if first and joint == ' ' else ''}{joint.join(groups)}"


def _number(text: str) -> str:
    """Letters that look like digits, after two digits and before another, are digits."""
    plain = " ".join(text.split())
    if plain.count(" ") == 1:
        plain = re.sub(r"(?<=\d) (?=\d)", "", plain)
    hit = re.fullmatch(r"([A-Z]{0,4})(.*)", plain)
    if not hit:
        return text
    rest = re.sub(r"(?<=\d\d)[OoQDIl|iSsBZzG](?=[\dOoIlSB]|$)", lambda one: one[0].translate(_AS_DIGIT), hit[2])
    return f"{hit[1]}{rest}"


def _day(text: str) -> str:
    """Digits that were read as letters, between the joints of a date."""
    bare = re.sub(r"\s*([/\-])\s*", r"\1", text.translate(_AS_DIGIT))
    bare = re.sub(r"(?<=\d)[.,\s]+(?=\d)", "", bare)
    return bare if re.search(r"\d{1,2}[/\-]\d{1,2}[/\-]\d{4}", bare) else text


def _sex(text: str) -> str:
    """A letter by itself is a capital."""
    return text.upper() if len(text.strip()) == 1 else text


_MENDERS: dict[str, Callable[[str], str]] = {
    "subject_name": _name,
    "sex": _sex,
    "officer_name": _title,
    "to_agency": _title,
    "from_office": _title,
    "file_number": _file_number,
    "event_number": _number,
    "subject_id": _number,
    "date_of_birth": _day,
    "form_date": _day,
    "served_on": _day,
    "cancels_form_of": _day,
}
