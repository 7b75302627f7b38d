"""What recognition takes for something else, put right where the grammar of a field leaves no choice."""

from __future__ import annotations

import re
import unicodedata
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
    # Where the field offices for removals are.
    " Atlanta Baltimore Boston Buffalo Chicago Dallas Denver Detroit Harlingen Houston Angeles Miami Newark Orleans"
    " York Philadelphia Phoenix Antonio Diego Francisco Seattle Washington"
).split()
_KNOWN = {word.lower(): word for word in _WORDS}
_LOOKS_LIKE = {letter: group[0] for group in ("tfli1r", "ceo", "hb", "nu") for letter in group}


def mended(field: str, text: str) -> str:
    """The text of a field without what its grammar rules out; unchanged where there is nothing to mend."""
    mend = _MENDERS.get(field)
    return mend(text) if mend else text


def _name(text: str) -> str:
    """Words in capitals have no small letters or digits that look like theirs; a full stop between words is a comma."""
    text = re.sub(r"(?<=[A-Za-z]{3})\s*[.:;]\s*(?=[A-Z])|(?<=[A-Za-z]{2}),(?=[A-Z])", ", ", text)
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
    text = re.sub(r"(?<!Blvd)(?<!Dept)(?<!Supt)(?<=[A-Za-z][a-z]{3})\s?\.\s*(?=[A-Z0-9])", ", ", text)
    text = re.sub(r"(?<=\d)\.\s+(?=[A-Z])", ", ", text)
    text = re.sub(r"(?<=[0-9a-z]),(?=[A-Z0-9])", ", ", text)
    text = re.sub(r"(?<=\d)(?=[A-Z][a-z])", " ", text)
    text = re.sub(r"(?<!Fitz)(?<=[a-z]{3})(?=[A-Z][a-z]{3})", " ", text)
    text = re.sub(r"(?<=[a-z]{3})\.(?=\s+[a-z])", "", text)
    text = re.sub(r"(?<=[a-z] )(?:ot|ol|oI|of\.|ot\.)(?= [A-Z])", "of", text)
    text = re.sub(r"\b[BS8]rd\b", "3rd", text)
    words = [_word(word) for word in _joined(text.split())]
    if words and words[-1].endswith(".") and words[-1][:-1].lower() in _KNOWN:
        words[-1] = words[-1][:-1]
    return " ".join(words)


def _joined(words: list[str]) -> list[str]:
    """Words, pieces of one that is known put together."""
    found: list[str] = []
    while words:
        for many in (3, 2):
            whole = "".join(words[:many])
            pieces = [re.sub(r"\W", "", one).lower() for one in words[:many]]
            mended = re.sub(r"\W", "", _word(whole)).lower()
            if len(pieces) == many and mended in _KNOWN and not any(one in _KNOWN for one in pieces):
                found.append(_word(whole))
                words = words[many:]
                break
        else:
            found.append(words[0])
            words = words[1:]
    return found


def _word(word: str) -> str:
    hit = re.fullmatch(r"([^\w]*)(\w+(?:[.,]?\w+)?)([^\w]*)", word)
    if not hit or len(hit[2]) < 4:
        return word
    if hit[2].lower() in _KNOWN:  # a small letter with the shape of its capital
        return f"{hit[1]}{_KNOWN[hit[2].lower()]}{hit[3]}" if hit[2][0] in "cosuvwxz" else word
    bare = re.sub(r"[.,]", "", hit[2])
    most = 1 if len(bare) < 8 else 2
    near = sorted(
        (_off(low, bare.lower()), known) for low, known in _KNOWN.items() if abs(len(low) - len(bare)) <= most
    )
    near = [one for one in near if one[0] <= most + 0.4]
    alone = near and (len(near) == 1 or near[0][0] < near[1][0])
    return f"{hit[1]}{near[0][1]}{hit[3]}" if alone and bare[:1].isupper() else word


def _off(known: str, said: str) -> float:
    """How many letters a word is off; letters that look alike on a fax count for less, and one too many for more."""
    plain = Levenshtein.distance(known, said, score_cutoff=2)
    if len(known) != len(said):
        return plain + 0.4 if plain == 1 and len(known) < 8 else plain
    alike = sum(a != b and _LOOKS_LIKE.get(a, a) == _LOOKS_LIKE.get(b, b) for a, b in zip(known, said, strict=True))
    apart = sum(a != b for a, b in zip(known, said, strict=True)) - alike
    return min(plain, apart + 0.3 * alike)


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


def _subject(text: str) -> str:
    """The end of the label before a number is none of it."""
    return _number(re.sub(r"^\W*I?D\W+(?=\d{5})", "", text))


def _day(text: str) -> str:
    """Digits that were read as letters, between the joints of a date; joints that were lost; months without accents."""
    text = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    if parts := re.fullmatch(
        r"\W*([01]?\d)[\s/.,\-–|]+([0-3]?\d)[\s/.,\-–|]+((?:19|20)\d\d)\W*", text.translate(_AS_DIGIT)
    ):
        return "/".join(parts.groups())
    text = re.sub(r"(?<![A-Za-z])[A-Za-z]?ay(?=\s*\d{1,2}\s*,)", "May", text)
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
    "subject_id": _subject,
    "date_of_birth": _day,
    "form_date": _day,
    "served_on": _day,
    "cancels_form_of": _day,
}
