"""What was found while papers were read, in the reader's language: lines that another room has put together.

Reading is done apart and kept with its words, so a line is told again by the sentence whose places it fills.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from detainer.desk.wording.words import say, tr

# Of a file that makes no form.
UNREAD = (
    "cannot be shown",
    "could not be read ({error})",
    "could not be read: reading it was broken off {tries} times. Type what it says",
    "has more print on one page than any form",
    "has no form that is known",
    "has no pages",
    "has no such page",
    "has {count} pages; at most {most} are read. Send the form alone",
    "has {width} × {height} pixels on one page, more than any scan of a form",
    "is a picture larger than any scanned page",
    "is an XFA form, which only Adobe's own program can show; ask for a printed or scanned copy",
    "is damaged: it begins like a PDF but cannot be opened",
    "is damaged: it begins like a picture but cannot be opened",
    "is damaged: reading it failed outright",
    "is empty",
    "is larger than {most} MB; send the form alone",
    "is locked with a password; ask for it again without one",
    "is no PDF and no picture",
    "needs more memory to open than any form does; it was left alone",
    "page {page} is larger than any paper",
    "took too long or too much memory to read; it was left alone",
    "took too long to read; it was left alone",
)

# Of a form that was read.
DOUBTS = (
    "a date of an earlier detainer stands there ({value}), but the box that cancels it is not ticked",
    "boxes 1 and 2 are both ticked; the form takes one or the other",
    "is an administrative warrant, signed by an immigration officer; it is not a judge's",
    (
        "may be a federal judge's warrant: a person must confirm the court, the judge, the signature, the person named "
        "and what it orders"
    ),
    "no basis is ticked, neither in box 1 nor in box 2",
    "none of the boxes that say what is asked is ticked",
    "page {page} has no form number that can be read; told to be {form} by its heading",
    "page {page} has no form number that can be read; told to be {form} by its wording",
    "page {page} has no form number that can be read; which I-247 it is must be looked up",
    "page {page} is marked {form} but headed like {other}; taken for {form}",
    "page {page} is no form that is known; look at it and type what it says",
    "page {page} is a scan, and reading scans is not installed (the extra `ocr`); type what it says at the desk",
    "page {page} is a scan, of which {most} pages a file are read; type what it says at the desk",
    "page {page}: {field} reads “{said}”, no {kind}",
    "the box that cancels an earlier detainer is ticked, but no date of that one can be read",
    "the box “{words}” is both ticked and not: its field and its picture differ",
    "the date of birth ({field}) could not be read",
    "the date of the form ({field}) could not be read",
    "the file has a script in it; it was not run",
    "the file has a second layer (XFA), which was not read; its plain fields were",
    "the file has another file attached inside it; that was not opened",
    "the name ({field}) could not be read",
    "what it asks for could not be read; given as its kind of form asks",
    "{field}: more than one box is ticked ({boxes})",
)

# Of a table that could not be taken in.
TABLES = (
    "byte {at}: is not UTF-8 text. Save it as JSON in UTF-8.",
    "cannot be read: {why}",
    "has more than {most} cells; save the rows that are needed",
    "has no sheet",
    "is damaged: it begins like a spreadsheet but cannot be opened",
    "is empty",
    "is larger than {most} MB; save it as CSV (UTF-8)",
    "is locked with a password; save it without one",
    "is nested too deep for a table",
    "is no JSON",
    "is no list of objects, each a row",
    "is no spreadsheet that can be read; save it as CSV (UTF-8)",
    "is {what}, not CSV in UTF-8. Save it as CSV (UTF-8).",
    "takes too long to read, or is damaged; save it as CSV (UTF-8)",
    "the header cannot be read: it {fault}",
    "the header has no column {wanted}; it has {has}",
    "the header holds a formula. Paste it as values.",
    "the header names the column {column} {count} times",
    "the table of facilities {table} has none of {agency}",
    "unpacks to more than any table holds; it was left alone",
)
# Of a row of one, or of its header.
ROWS = (
    "a quote is in the wrong place",
    "a quote is in the wrong place or never closed",
    "a quote is opened and never closed",
    "cell {cell} is a formula; paste the column as values",
    "has a NUL character",
    "has a cell beyond the header's {width}",
    "has {count} cells where the header has {width}",
    "is not UTF-8: byte {byte}",
    "is too long for a line of a table",
    "opens a quote and never closes it",
    "{column} is empty",
    "{column} {day} is not between {earliest} and {today}",
    "{column} {said} is not a day that exists",
    "{column} {said} is not a day written {form}",
    "{column} {said} is not one that the mapping knows",
    "{key} has a NUL character",
    "{key} is a list or an object, not a value",
)
FILES = ("a zip archive or spreadsheet",)
SKIPPED = ("facility not in the table", "no facility named", "other agency")
# What the shipped mappings say of the day that a row is counted on.
DATED = ("The day the form was prepared; the day the agency received it is not in the file.",)

# Why two requests are thought to belong together.
REASONS = (
    "another file number",
    "both forms are dated {day}",
    "it says that it cancels the form of {day}",
    "same event number",
    "same file number",
    "same name",
    "same name and date of birth",
    "that one cancels the form of {day}",
    "the same form, come within three days",
)

# Of an upload.
UPLOADED = (
    "More than {most} files at once. Nothing was taken in: send fewer.",
    "is a paper; only a table can be looked at without taking it in",
    "is a table; choose the mapping that says how to read it",
    "is kept and being read.",
    "the same file came before; nothing was added.",
    "there is no such mapping",
)
LINE = "line {n}: {fault}"


def again(lines: Iterable[str], sentences: tuple[str, ...] = UNREAD + DOUBTS) -> tuple[str, ...]:
    """These lines in the reader's language, each by the sentence that it fills; one that fills none stays as it is."""
    return tuple(_again(line, sentences) for line in lines)


def uploaded(lines: Iterable[str]) -> tuple[str, ...]:
    """What came of an upload: each line with the name of its file before it."""
    return tuple(_uploaded(line) for line in lines)


def _uploaded(line: str) -> str:
    whole = _again(line, UPLOADED)
    if whole != line:
        return whole
    for colon in re.finditer(": ", line):  # the name may hold one itself
        file, rest = line[: colon.start()], line[colon.end() :]
        told = _again(rest, (*UPLOADED, *UNREAD, LINE, *TABLES))
        if told != rest:
            return f"{file}: {told}"
    return line


def _again(line: str, sentences: tuple[str, ...]) -> str:
    for sentence in sentences:
        if fits := _pattern(sentence).fullmatch(line):
            places = fits.groupdict()
            told = {name: _again(one, TABLES + ROWS) if name == "fault" else tr(one) for name, one in places.items()}
            return say(sentence, **told)
    return line


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    """A sentence as what its places may hold; a place that stands twice holds the same."""
    seen: set[str] = set()
    parts = re.split(r"\{(\w+)\}", sentence)
    for n in range(1, len(parts), 2):
        name = parts[n]
        parts[n] = f"(?P={name})" if name in seen else f"(?P<{name}>.+?)"
        seen.add(name)
    parts[::2] = map(re.escape, parts[::2])
    return re.compile("".join(parts), re.DOTALL)
