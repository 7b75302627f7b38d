"""The printed labels of the forms, as the printings word them: what marks a field, a box to tick, a page.

Compared squeezed: letters and digits alone, in small, since printings and scans differ in blanks and signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from detainer.intake.paper.shapes import Box, Page, Print, around

# Claimed so that its value is given to nobody else, and dropped at once: never read, never kept.
DROPPED = "citizenship"
NONE = ""  # the rest of a label that runs over two lines
OTHER = "other"  # labels whose values are not asked for, claimed for the same reason

_WHO = "(?:the)?(?:alien|subject|individual|person|detainee|noncitizen|inmate)s?"
_FORM = "(?:this|the)?(?:form|detainer|notice|request|copy)"
_LABELS: tuple[tuple[str, str], ...] = (
    ("subject_id", r"subjectid(?:entification)?(?:number|num|no)?|(?:subj|fins)id(?:number|no)?"),
    ("event_number", r"event(?:number|num|no|id)"),
    (
        "file_number",
        (
            r"(?:alien)?(?:registration)?file(?:number|num|no)|alien(?:registration)?(?:file)?(?:number|num|no)"
            r"|a(?:file)?(?:number|num|no)(?![a-z])|afile"
        ),
    ),
    ("to_agency", r"(?:to)?nameandtitleofinstitution(?:oranysubsequentlawenforcementagency)?|tonameofinstitution"),
    ("to_agency", r"(?:to)?nameof(?:institution|agency|facility|lawenforcementagency)|toinstitution"),
    ("from_office", r"(?:from)?(?:departmentofhomelandsecurity|dhs)office(?:address)?"),
    ("subject_name", rf"(?:full)?nameof{_WHO}|{_WHO}(?:full)?name|fullname"),
    ("date_of_birth", r"(?:birth)?dateofbirth|dob|birthdate"),
    (DROPPED, r"(?:country(?:ies)?of)?citizenship|nationality|(?:country|place)ofbirth|citizenof|birthplace"),
    ("sex", r"sex|gender"),
    ("served_on", rf"{_FORM}?(?:was|is)?served(?:up)?(?:on)?{_WHO}on(?:date)?|{_FORM}(?:was)?servedon(?:date)?"),
    ("served_on", rf"{_WHO}on(?=.{{0,25}}followingmanner)"),  # the line before ended in "served upon"
    ("served_on", r"dateserved|dateofservice|servedon"),
    (
        "cancels_form_of",
        r"cancel(?:the)?(?:immigration)?(?:previous|prior|earlier)?detainer.{0,60}?(?:submitted|sent|issued|lodged|placed|dated)(?:to)?(?:you)?(?:on)?(?:date)?",
    ),
    ("officer_name", r"(?:printed)?name(?:and)?(?:or)?titleof(?:issuing)?(?:the)?immigration(?:officer)?"),
    (
        "officer_name",
        r"immigrationofficer(?:s)?(?:name|nameandtitle)|nameof(?:issuing)?immigrationofficer|issuingofficer",
    ),
    ("officer_signed", r"signatureof(?:issuing)?(?:the)?immigration(?:officer)?|immigrationofficers?signature"),
    (OTHER, r"(?:printed)?name(?:and)?titleof(?:lea|receiving|lawenforcement|local|the)?officer"),
    (OTHER, r"signatureof(?:lea|receiving|lawenforcement|local|the)?officer|officers?signature"),
    (OTHER, r"localbooking(?:or)?(?:inmate)?(?:number|no)?|(?:booking|inmate)(?:number|no)"),
    (OTHER, r"(?:estimated|anticipated|expected)(?:date(?:and)?time(?:of)?)?release(?:date)?(?:and)?(?:time)?"),
    (
        OTHER,
        r"(?:dateof)?(?:latest|last)criminalchargeconviction|dateof(?:latest|last)(?:criminal)?charge(?:or)?conviction",
    ),
    (OTHER, r"(?:last|latest)(?:offense|offence)(?:charged?)?(?:or)?(?:conviction|convicted)?"),
    (OTHER, r"otherpleasespecify|pleasespecify|otherspecify"),
    (OTHER, r"(?:phone|telephone|fax)(?:number|no)|emailaddress"),
)
# Words that are a label only where they stand alone before a colon, a bracket, a number sign or a gap.
_SHORT: tuple[tuple[str, str], ...] = (
    ("subject_id", r"subjectid|fin"),
    ("event_number", r"event"),
    ("file_number", r"file|a"),
    ("form_date", r"dateof(?:issue|form|request)|dateissued|issuedate|formdate|date"),
    ("to_agency", r"to"),
    ("from_office", r"from"),
    ("subject_name", r"name|alien|subject|re"),
    ("date_of_birth", r"born"),
    ("officer_name", r"officer|nameandtitle|nametitle|issuedby"),
    ("officer_signed", r"signature|signed"),
    ("served_on", r"served"),
    (OTHER, r"telephone|phone|tel|fax|email|other|address|at"),
)
_WHOLE = tuple((name, re.compile(pattern)) for name, pattern in _LABELS)
_ALONE = tuple((name, re.compile(pattern)) for name, pattern in _SHORT)
# One wording each, for print that was read with mistakes.
_NEAR: tuple[tuple[str, str], ...] = (
    ("subject_id", "subjectid"),
    ("event_number", "eventnumber"),
    ("to_agency", "nameandtitleofinstitutionoranysubsequentlawenforcementagency"),
    ("to_agency", "tonameandtitleofinstitution"),
    ("from_office", "departmentofhomelandsecurityofficeaddress"),
    ("subject_name", "nameofalien"),
    ("subject_name", "nameofsubject"),
    ("date_of_birth", "dateofbirth"),
    (DROPPED, "citizenship"),
    (DROPPED, "nationality"),
    ("served_on", "servedupontheaalienon"),
    ("cancels_form_of", "detainerrelatedtothisalienpreviouslysubmittedtoyouon"),
    ("cancels_form_of", "cancelthedetainerpreviouslysubmittedtoyouon"),
    ("officer_name", "nameandtitleofimmigrationofficer"),
    ("officer_signed", "signatureofimmigrationofficer"),
    (OTHER, "nameandtitleofofficer"),
    (OTHER, "signatureofofficer"),
    (OTHER, "localbookinginmate"),
    (OTHER, "estimatedreleasedatetime"),
    (OTHER, "dateoflatestcriminalchargeconviction"),
    (OTHER, "lastoffensechargedconviction"),
    (OTHER, "otherpleasespecify"),
)
# The same for short ones, which must begin a line and end before a colon, a number sign or a gap.
_NEAR_SHORT: tuple[tuple[str, str], ...] = (
    ("subject_id", "subjectid"),
    ("file_number", "fileno"),
    ("file_number", "filenumber"),
    ("event_number", "event"),
    ("event_number", "eventno"),
    ("form_date", "date"),
    ("subject_name", "nameofalien"),
    ("subject_name", "name"),
    ("date_of_birth", "dateofbirth"),
    (DROPPED, "citizenship"),
    ("sex", "sex"),
)
_CAPTION_WORDS = "nameandtitle", "signatureof"  # a caption has them, an officer's own title has not
CAPTIONS = frozenset({"officer_name", "officer_signed"})
# What is printed on a form and is nobody's answer.
_STATIC = re.compile(
    r"probablecause|determin|removable|immigrationdetainer|noticeofaction|itistherefore|requested|requestthat|maintaincustody"
    r"|nottoexceed|notifydhs|lawenforcementsupport|relaythis|victimof|tobecompleted|pleaseprovide|ifchecked|signinink|^date$"
    r"|anysubsequent|lawenforcementagency$|officeaddress|formi247|^page\d|pageof|departmentofhomelandsecurity$|immigrationofficer|fedpaper"
    r"|thisdetainer|classification|hospitali|followingmanner|resumecustody|servedwith|takeeffect|beenreleased|removalproceedings"
    r"|finalorder|biometric|voluntary|pleasecancel|untilthe|yourcustody|bymailing|currentlyholding|^at$|^and$|^or$|^title$"
    r"|uscustomsandborder|usimmigrationandcustoms|^us?ice$|^cbp$|^inperson$|inmatemail|^other$|^box\d|dhsform|privacyact|enforcementpriority"
)


@dataclass(frozen=True)
class Label:
    """A printed label: the field it names, where it stands, and how surely it was recognised."""

    field: str
    line: Print
    first: int
    last: int  # the glyph after its end
    score: float = 1.0

    @property
    def box(self) -> Box:
        """Where it stands."""
        return around([one.box for one in self.line.glyphs[self.first : self.last]])


def static(line: Print) -> bool:
    """Whether a run of print is the form's own words."""
    return bool(_STATIC.search(line.squeezed[0]))


def labels_of(page: Page) -> list[Label]:
    """Every label on a page, in reading order."""
    found = [label for line in page.prints if not line.filled for label in _in_line(line, near=page.scanned)]
    sure = {label.field for label in found if label.score == 1.0} - {DROPPED, OTHER}
    found = [label for label in found if label.score == 1.0 or label.field not in sure]
    return found + [rest for label in found for rest in _bracket_rest(label, page, found)]


def _bracket_rest(label: Label, page: Page, labels: list[Label]) -> list[Label]:
    """What a label's bracket runs on to in the next line, as a label of no field."""
    opened = label.line.text[: label.last]
    if label.last < len(label.line.glyphs) or opened.count("(") <= opened.count(")"):
        return []
    for line in page.prints:
        down = line.box.y0 - label.line.box.y1
        close = line.text.find(")")
        near = -0.5 * line.box.height < down < line.box.height and line.box.over(label.line.box) > 0
        if near and line.box.middle > label.line.box.y1 and close >= 0 and "(" not in line.text[:close]:
            return [] if any(other.line is line for other in labels) else [Label(NONE, line, 0, close + 1)]
    return []


def _in_line(line: Print, *, near: bool) -> list[Label]:
    text, at = line.squeezed
    taken: list[tuple[int, int]] = []
    found: list[Label] = []

    def take(field: str, first: int, last: int, score: float) -> None:
        if any(first < end and start < last for start, end in taken):
            return
        taken.append((first, last))
        found.append(Label(field, line, at[first], _end(line, at[last - 1] + 1), score))

    hits = [
        (hit.start() - last, field, hit.start(), last)
        for field, pattern in _WHOLE
        for hit in pattern.finditer(text)
        if (last := _no_value(line, at, hit.end())) > hit.start()
        and (near or _starts(line, at[hit.start()]))
        and _ends(line, at, last, near=near)
    ]
    for _, field, first, last in sorted(hits):
        take(field, first, last, 1.0)
    for field, pattern in _ALONE:
        for hit in pattern.finditer(text):
            if _alone(line, at, hit.start(), hit.end()):
                take(field, hit.start(), hit.end(), 1.0)
    for score, field, first, last in sorted(_near(text), reverse=True) if near else ():
        take(field, first, last, score)
    for score, field, last in _near_short(line) if near and not found else ():
        take(field, 0, last, score)
    return sorted(found, key=lambda label: label.first)


def _near(text: str) -> list[tuple[float, str, int, int]]:
    """Where a line has nearly the wording of a label: how nearly (0 to 1), the field, and from where to where."""
    found = []
    for field, wording in _NEAR:
        least = 72 if len(wording) >= 20 and len(text) <= 1.35 * len(wording) else 80
        if len(text) >= 0.8 * len(wording) and (
            close := fuzz.partial_ratio_alignment(wording, text, score_cutoff=least)
        ):
            first, last = close.dest_start, close.dest_end
            own = "officer" not in wording or any(fuzz.partial_ratio(one, text) >= 62 for one in _CAPTION_WORDS)
            if own and last - first >= 0.8 * len(wording):
                found.append((close.score / 100, field, first, last))
    return found


def _near_short(line: Print) -> list[tuple[float, str, int]]:
    """Whether a line begins with nearly a short label: how nearly, the field, and after how many letters it ends."""
    head = re.match(r"[^:#]{2,16}?(?=\s*[:#]|\s*[^\w\s]{1,3}\s*:|\W*$)", line.text)
    said = "".join(one for one in head[0].lower() if one.isalnum()) if head else ""
    if len(said) < 3:
        return []
    near = [
        (1 - Levenshtein.distance(wording, said) / len(wording), field)
        for field, wording in _NEAR_SHORT
        if Levenshtein.distance(wording, said) <= _most_off(field, wording)
    ]
    return [(*max(near), len(said))] if near else []


def _most_off(field: str, wording: str) -> int:
    """How many letters of a short label may be misread: more for the one whose value nobody may see."""
    return 5 if field == DROPPED else max(1, len(wording) // (3 if len(wording) > 8 else 4))


def _starts(line: Print, first: int) -> bool:
    """Whether no letter stands right before."""
    return first == 0 or not line.glyphs[first - 1].text.isalnum()


def _no_value(line: Print, at: tuple[int, ...], last: int) -> int:
    """The end of a label without the first letter of its value, taken for the s of a plural over a colon."""
    return last - 1 if last > 1 and ":" in line.text[at[last - 2] : at[last - 1]] else last


def _ends(line: Print, at: tuple[int, ...], last: int, *, near: bool) -> bool:
    """Whether the word ends there, or a value follows it at once."""
    end = at[last - 1] + 1
    return near or end >= len(line.glyphs) or not line.glyphs[end].text.isalpha()


def _alone(line: Print, at: tuple[int, ...], first: int, last: int) -> bool:
    """Whether a short word is a label: nothing or a gap before it, a colon, sign, bracket or nothing after it."""
    if not _starts(line, at[first]):
        return False
    before = line.text[: at[first]].rstrip()
    after = line.text[at[last - 1] + 1 :].lstrip()
    sign = re.match(r"(?:no\b|num\b|number\b|№)?\s*\.?\s*(?:[#:]|[^\w\s]{1,3}\s*:)|№", after, re.IGNORECASE)
    if sign:
        return True
    return not before.strip("( ") and (not after.strip(") .") or (after.startswith("(") and not before))


def _end(line: Print, end: int) -> int:
    """The end of a label with what belongs to it: its number sign, a bracket that explains it, its colon."""
    rest = line.text[end:]
    hit = re.match(
        r"(?:'s)?\s*(?:#|№|[^\w\s()]{1,3}(?=\s?:)|(?:no|num|number)\b)?\s*[.#]?\s*(?:\(s\))?\s*[:;]?\s*(?:\((?!\d[^)]*$)(?:[^()]|\([^()]*\)){0,120}(?:\)|$))?\s*[.#]?\s*[:;|)]*",
        rest,
        re.IGNORECASE,
    )
    end += hit.end() if hit else 0
    before = line.text[:end]
    if before.count("(") > before.count(")"):  # the label stands inside a bracket: all of that is label
        close = line.text.find(")", end)
        return len(line.glyphs) if close < 0 else close + 1
    return end


# --- boxes to tick ------------------------------------------------------------------------------------------------

# What stands beside a box → the field and the value it gives; the first that fits, so the order matters.
OPTIONS: tuple[tuple[str, str, str], ...] = tuple(
    (field, value, pattern)
    for field, value, pattern in (
        ("cancels_form_of", "yes", r"cancel(?:the|this)?.{0,30}detainer|ifchecked.{0,20}cancel|pleasecancel"),
        (
            "resume_custody",
            "yes",
            r"resume.{0,10}custody|uponcompletion|transferred.{0,12}toyourcustody|dhstransferred",
        ),
        (
            "probable_cause",
            "final_order",
            r"finalorder|orderofremoval|orderofdeportation|deportationorremoval(?:from)?.{0,40}ordered",
        ),
        ("probable_cause", "biometrics", r"^.{0,30}biometric"),
        ("probable_cause", "statements", r"^.{0,30}statement|^(?:and)?(?:or)?otherreliableevidence"),
        ("probable_cause", "proceedings", r"removalproceeding|pendencyof|noticetoappear|chargingdocument"),
        ("served_how", "in_person", r"^inperson"),
        ("served_how", "inmate_mail", r"^(?:by)?inmatemail|^(?:by)?mail"),
        ("served_how", "other", r"^other(?:please|specify|$|.{0,3}$)"),
        ("sex", "M", r"^(?:m|male)(?:$|[^a-z])"),
        ("sex", "F", r"^(?:f|female)(?:$|[^a-z])"),
        ("sex", "X", r"^x$"),
        ("asks", "hold", r"maintaincustody|^detain|holdthe|^hold|keepincustody|48hoursbeyond"),
        (
            "asks",
            "transfer",
            r"transferto(?:the)?(?:dhs|ice)|(?:voluntary)?transfercustody|voluntarytransfer|releasetothecustodyof",
        ),
        (
            "asks",
            "notify",
            r"notifydhs|notifythis(?:office)?(?:ofthetime|before|atleast)|notifyice|(?:provide|give)noti|^notify(?!.{0,40}(?:death|hospital))|advanc(?:e|ed)notice",
        ),
        (OTHER, "", r"^(?:us)?(?:immigrationandcustoms|customsandborder|ice|cbp)"),
    )
)
_OPTIONS = tuple((field, value, re.compile(pattern)) for field, value, pattern in OPTIONS)
_NEAR_OPTIONS = (
    ("probable_cause", "final_order", "finalorderofremoval"),
    ("probable_cause", "proceedings", "ongoingremovalproceedings"),
    ("probable_cause", "biometrics", "biometricconfirmation"),
    ("probable_cause", "statements", "statementsmadebythealien"),
    ("resume_custody", "yes", "intendstoresumecustody"),
    ("resume_custody", "yes", "uponcompletionoftheproceeding"),
    ("cancels_form_of", "yes", "cancelthedetainer"),
    ("served_how", "inmate_mail", "byinmatemaildelivery"),
    ("served_how", "inmate_mail", "byinmatemail"),
    ("served_how", "in_person", "inperson"),
    ("served_how", "other", "otherpleasespecify"),
)


def option(words: str, *, near: bool) -> tuple[str, str] | None:
    """The field and value that the words beside a box stand for; None where they are none that is known."""
    text = "".join(one for one in words.lower() if one.isalnum())[:160]
    for field, value, pattern in _OPTIONS:
        if pattern.search(text):
            return field, value
    if near and len(text) >= 6:
        scored = [
            (fuzz.partial_ratio(wording, text[: len(wording) + 40]), field, value)
            for field, value, wording in _NEAR_OPTIONS
            if len(text) >= 0.7 * len(wording)
        ]
        best = max(scored, default=(0.0, "", ""))
        if best[0] >= 78:
            return best[1], best[2]
    return None


# --- kinds of page ------------------------------------------------------------------------------------------------


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """One pattern for several."""
    return re.compile("|".join(patterns))
