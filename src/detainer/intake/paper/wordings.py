"""The printed labels of the forms, as the printings word them: what marks a field, and what is nobody's answer.

Compared squeezed: letters and digits alone, in small, since printings and scans differ in blanks and signs.
"""

from __future__ import annotations

import re

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
WHOLE = tuple((name, re.compile(pattern)) for name, pattern in _LABELS)
ALONE = tuple((name, re.compile(pattern)) for name, pattern in _SHORT)
# One wording each, for print that was read with mistakes.
NEAR: tuple[tuple[str, str], ...] = (
    ("subject_id", "subjectid"),
    ("event_number", "eventnumber"),
    ("to_agency", "nameandtitleofinstitutionoranysubsequentlawenforcementagency"),
    ("to_agency", "tonameandtitleofinstitution"),
    ("from_office", "departmentofhomelandsecurityofficeaddress"),
    ("from_office", "fromofficeaddress"),
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
NEAR_SHORT: tuple[tuple[str, str], ...] = (
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
CAPTION_WORDS = "nameandtitle", "signatureof"  # a caption has them, an officer's own title has not
CAPTIONS = frozenset({"officer_name", "officer_signed"})
# What is printed on a form and is nobody's answer.
STATIC = re.compile(
    r"probablecause|determin|removable|immigrationdetainer|noticeofaction|itistherefore|requested|requestthat|maintaincustody"
    r"|nottoexceed|notifydhs|lawenforcementsupport|relaythis|victimof|tobecompleted|pleaseprovide|ifchecked|signinink|^date$"
    r"|anysubsequent|lawenforcementagency$|officeaddress|formi247|^page\d|pageof|departmentofhomelandsecurity$|immigrationofficer|fedpaper"
    r"|thisdetainer|classification|hospitali|followingmanner|resumecustody|servedwith|takeeffect|beenreleased|removalproceedings"
    r"|finalorder|biometric|voluntary|pleasecancel|untilthe|yourcustody|bymailing|currentlyholding|^at$|^and$|^or$|^title$"
    r"|uscustomsandborder|usimmigrationandcustoms|^us?ice$|^cbp$|^inperson$|inmatemail|^other$|^box\d|dhsform|privacyact|enforcementpriority"
)
