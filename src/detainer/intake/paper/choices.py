"""The words beside the boxes to tick, and what a tick before them says."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from detainer.intake.paper.wordings import OTHER

# What stands beside a box → the field and the value it gives; the first that fits, so the order matters.
_WORDS: tuple[tuple[str, str, str], ...] = tuple(
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
_OPTIONS = tuple((field, value, re.compile(pattern)) for field, value, pattern in _WORDS)
_NEAR_OPTIONS = (
    ("probable_cause", "final_order", "finalorderofremoval"),
    ("probable_cause", "proceedings", "ongoingremovalproceedings"),
    ("probable_cause", "biometrics", "biometricconfirmation"),
    ("probable_cause", "biometrics", "checkoffederaldatabases"),
    ("probable_cause", "statements", "statementsmadebythealien"),
    ("probable_cause", "statements", "andorotherreliableevidence"),
    ("resume_custody", "yes", "intendstoresumecustody"),
    ("resume_custody", "yes", "uponcompletionoftheproceeding"),
    ("cancels_form_of", "yes", "cancelthedetainer"),
    ("asks", "notify", "notifythisofficeofthetimeofrelease"),
    ("asks", "hold", "maintaincustodyexcludingsaturdays"),
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
