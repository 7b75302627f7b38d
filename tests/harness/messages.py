"""Every message of the desk: those in its code, in its templates, and in the tables that it shows by `tr`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

DESK = Path(__file__).parents[2] / "src" / "detainer" / "desk"
CATALOGUE = DESK.parent / "locale" / "es" / "LC_MESSAGES"
_SIMPLE = re.compile(r"""{%\s*translate\s+(?:"([^"]*)"|'([^']*)')[^%]*%}""")
_BLOCK = re.compile(
    r"{%\s*blocktranslate\b[^%]*%}(.*?)(?:{%\s*plural\s*%}(.*?))?{%\s*endblocktranslate\s*%}", re.DOTALL
)
_PLACE = re.compile(r"(?<![$}])\{[a-z_]+\}.*|.*[a-z] \{[a-z_]+\}")
_NO_MESSAGES = frozenset({"{count}"})
# What the desk chooses among beside the code that shows it.
_CHOSEN = frozenset(
    {
        "Release now",
        "Look",
        "Open",
        "Before",
        "Next",
        "Something was recorded after the last answer",
        "The law has not been asked yet",
        "today",
        "tomorrow",
        "That",
        "Tell {them}.",
        "You may tell {them}.",
        "Do not tell {them}.",
        "A paper that could not be read",
        (
            "Look at the court, the judge, the signature, the person named and what it orders. "
            "Only you can say what it is."
        ),
        "An administrative warrant. It is not a judge’s.",
        "I compared it with the paper",
        "Say how it came about",
        "Say who began it",
        "Say with whom it was",
        "The watch",
        "The ledger",
        "Database and disk",
        "Outbox",
        "Program",
        "Ask the law",
        "Record the release",
        "Decline",
        "Ask for approval",
        "Record the withdrawal",
        "Seal this record",
        "It is hidden at once from everybody but records and counsel.",
        "Unseal this record",
        "It is shown again to everybody whose duty it was.",
        "Ask for expunging",
        "What it holds of the person is destroyed for good, once a second person agrees. Counts stand.",
        "Nothing to answer.",
        "Log the request.",
    }
)
# The rooms and modules whose mistakes reach no page of the desk, and why. Those of all others do.
_UNTOLD = {
    "cli.py commands setup.py house.py demo replay": "the command line",
    "desk office": "told in the reader's language where they are made, which in_code finds",
    "site": "the public's pages and the law's, which are English",
    "law/begin.py law/book.py law/compare.py law/compiler.py law/example.py law/expand.py law/files.py law/land.py": (
        "the law's files, read at the start; the desk asks for no agency that they have not"
    ),
    "law/language.py law/lawreader.py law/names.py law/offense.py law/offenses.py law/reading.py law/worked.py hold": (
        "the law's files and its holidays, read at the start"
    ),
    "api/deeds.py api/hooked.py api/moments.py api/operations.py watch": "the interface, which is English",
    "intake/csvfile.py intake/rows.py intake/tables.py intake/reader.py intake/uploads.py": "told as `readings.ROWS`",
    "intake/facilities.py intake/mapping.py": "files that are shipped; the desk takes no others",
    "intake/folder.py intake/mailbox.py intake/papers.py record/audit.py record/export.py record/retention.py": (
        "the command line"
    ),
    "record/leaf.py": "ids of the house's own making",
    "report/arithmetic.py report/claims.py report/published.py": "the figures of others, which no page of the desk has",
}
_CALLS = frozenset({"tr", "say", "count", "count_of", "_", "gettext", "gettext_lazy", "ngettext"})


def in_code() -> set[str]:
    """What is handed over as a whole to a function that translates, and the tables beside it that are formatted."""
    found: set[str] = set()
    for file in DESK.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        documented = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        pieces = {one for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for one in node.values}
        for node in ast.walk(tree):
            if node in documented or node in pieces:
                continue
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _CALLS:
                for argument in node.args[:2]:
                    found |= set(_texts(argument))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _PLACE.search(node.value):
                found.add(node.value)
    return {one for one in found if re.search("[A-Za-z]", one)} - _NO_MESSAGES


def plurals() -> set[tuple[str, str]]:
    """The messages about a number of things: for one, for many."""
    found: set[tuple[str, str]] = set()
    for file in DESK.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("count", "count_of"):
                one, many = (next(_texts(argument)) for argument in node.args[:2])
                found.add((one, many))
    for file in (DESK / "templates").rglob("*.html"):
        for one, many in _BLOCK.findall(file.read_text(encoding="utf-8")):
            if many:
                found.add((_named(one), _named(many)))
    return found


def _named(said: str) -> str:
    return re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", said)


def _texts(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "get":
        for argument in node.args[1:]:
            yield from _texts(argument)


def in_templates() -> set[str]:
    """What stands in translation tags."""
    found: set[str] = set()
    for file in (DESK / "templates").rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        found |= {one or other for one, other in _SIMPLE.findall(text)}
        for one, many in _BLOCK.findall(text):
            found |= {_named(said) for said in (one, many) if said}
    return found


def in_tables() -> set[str]:
    """What the desk holds in tables and shows in the reader's language where it is shown."""
    from detainer.api.actions import SAYS
    from detainer.desk import models
    from detainer.desk.duties import accounts, permissions, roles
    from detainer.desk.form import drafts, fields, paper_draft, paper_fields, questions
    from detainer.desk.lists import counsel, exports, links, urgency
    from detainer.desk.request import contacts, deeds, known, papers, sealing, timeline
    from detainer.desk.views.lists import audit, sealed
    from detainer.desk.views.request import acts
    from detainer.desk.wording import clockwords, people, picture, readings, values
    from detainer.intake import queue
    from detainer.intake.paper import values as paper_values
    from detainer.law import answer
    from detainer.law.vocabulary import FACTS, LISTS, MODALITIES
    from detainer.record import conduct
    from detainer.record import sealing as sealing_order

    pairs = [contacts.WAYS, contacts.DIRECTIONS, contacts.WHO, contacts.KINDS, counsel.READINGS, deeds.SEARCH_SHOWED]
    pairs += [exports.REASONS, links.ANSWERS, sealing.GROUNDS, values._YES_NO]
    found = {words for table in pairs for _, words in table}
    tables = [accounts._SYSTEM_WORDS, contacts._SAYS, contacts._WHOM, contacts._PARTS, drafts._REQUIRED, fields._HINTS]
    tables += [fields.NONE_WORDS, known._SHORT, links._HOW, links._AS, papers.NAMES, papers.WAYS, papers._AFTER]
    tables += [people.LABELS, picture._NO_ELEMENTS, timeline._DEEDS, timeline._APPROVING, timeline._WORDS]
    tables += [
        timeline._LINKS,
        values.DECISION_WORDS,
        values.MODALITY_WORDS,
        values._REQUESTERS,
        audit._WHAT,
        sealed._SAID,
    ]
    tables += [paper_draft.SENDERS, paper_draft.LINKS, paper_fields._HOW, paper_fields._YES_NO, queue.WAYS]
    tables += [paper_fields._CAUSES, answer._HOLD, answer._NOTIFY, SAYS]
    for table in tables:
        found |= set(map(str, table.values()))
    found |= {str(one.label) for one in (models.Proposal.What.FACTOR, models.Proposal.What.OPENED)}
    found |= {one.said for one in acts.ACTS.values()} | {one.value for one in permissions.Action}
    found |= {role.label for role in roles.Role} | {title for _, title, _ in questions._SECTIONS}
    found |= {words for group in urgency.GROUPS for words in (group.title, group.means)}
    found |= {words for step in deeds.STEP_WORDS.values() for words in step}
    found |= set(clockwords.DAYS) | set(clockwords.MONTHS) | set(timeline._ADVISED)
    found |= {*readings.UNREAD, *readings.DOUBTS, *readings.REASONS, *readings.UPLOADED, *paper_values.WHAT.values()}
    found |= {*readings.TABLES, *readings.ROWS, *readings.SKIPPED, *readings.DATED, *readings.FILES, readings.LINE}
    found |= {"“{said}”", "this form", "the facts of the request", "signing key", "verifier key"}
    found |= {"case {case}", "{place}: case {case}", "in use", "expired", "revoked"}
    found |= {*conduct.BECAUSE.values(), *conduct.DEEDS.values(), *sealing_order.PARTS.values(), "such value"}
    found |= {*sealing_order.DEEDS.values(), "an answer of counsel"}
    found |= {one.replace("_", " ") for one in MODALITIES}
    found |= {words for words in (values.NOT_ASKED, values.NO_ANSWER) for words in (words, fields._capital(words))}
    found |= {words for pair in fields._LIST_WORDS.values() for words in pair}
    for noun in fields._NOUNS.values():
        found |= {f"Add a {noun}", f"{fields._capital(noun)} {{n}}"}
    found |= {fields._capital(words) for words in (*fields.NONE_WORDS.values(), "none")}
    found |= {"None of these", "At this time", "Nothing to answer. Log the request.", "Note, if any"}
    for kinds in (paper_fields.FORM, paper_fields.WARRANT, paper_fields.JUDICIAL):
        for kind in kinds:
            found |= {kind.label, kind.hint, kind.needed, *dict(kind.offered).values()}
    for within, facts in {"": FACTS, **LISTS}.items():
        for fact in facts.values():
            found |= {fact.asks, fact.why}
            found |= {values._words_of(fact, one, within) for one in fact.values}
            found |= {fields._capital(values._words_of(fact, one, within)) for one in fact.values}
            if within:
                found.add(known._SHORT.get(fact.path, fact.path.replace("_", " ").replace(".", " ")))
    return (found | _CHOSEN) - {""}


def mistakes() -> Iterator[tuple[str, ast.expr]]:
    """What the rooms below say of a mistake that a page of the desk shows: the place, and each text as written."""
    untold = {DESK.parent / one for names in _UNTOLD for one in names.split()}
    for file in sorted(DESK.parent.rglob("*.py")):
        if untold & {file, *file.parents}:
            continue
        place, tree = file.relative_to(DESK.parent).as_posix(), ast.parse(file.read_text(encoding="utf-8"))
        named = _assigned(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                for said in _said(node):
                    yield from ((place, one) for one in named.get(getattr(said, "id", ""), [said]))


def _said(call: ast.Call) -> list[ast.expr]:
    """What a call says of a mistake, if it makes one."""
    name, attribute = getattr(call.func, "id", ""), getattr(call.func, "attr", "")
    if attribute == "time" and len(call.args) == 2:
        return call.args[1:]  # Matter.time: what is missing where a step was not taken
    if attribute == "error" and len(call.args) > 2:
        return [call.args[0], *call.args[3:4]]  # the reader of a case: what and how to mend it
    if name not in ("UserError", "Refused", "_Unfit"):
        return []
    fixes = [one.value for one in call.keywords if one.arg == "fix"]
    places = [one.value for one in call.keywords if one.arg == "where" and isinstance(one.value, ast.Constant)]
    return [*call.args[:1], *fixes, *places]


def _assigned(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """The texts that are given a name before they are told."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and list(_texts(node.value)):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return found


def in_mistakes() -> set[str]:
    """The same, as the catalogue has them."""
    found = {one for _, said in mistakes() for one in _texts(said)}
    return {one for one in found if re.search("[A-Za-z]{2}", re.sub(r"\{\w+\}", "", one)) and not one.startswith("--")}


def of_tables() -> set[str]:
    """Every line that says why a table, or a row of one, was not taken in, with a word in each of its places."""
    found: set[str] = set()
    for name in ("csvfile", "rows", "tables", "reader", "paper/sheet"):
        file = DESK.parent / "intake" / f"{name}.py"
        tree = ast.parse(file.read_text(encoding="utf-8"))
        named = _named_pieces(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "id", "")
                told = node.args[:1] if called in ("UserError", "BadRow", "Unreadable") else []
                told += [one.value for one in node.keywords if one.arg == "why" and called == "Row"]
                told = [said for one in told for said in named.get(getattr(one, "id", ""), [one])]
                fixes = [one.value for one in node.keywords if one.arg == "fix" and called == "UserError"]
                found |= {_told(one, fixes) for one in told if list(_pieces(one))}
            elif isinstance(node, ast.FunctionDef) and node.name == "_fault":
                returned = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
                found |= {_filled(one) for one in returned if one and list(_pieces(one))} - {""}
    return found


def _told(what: ast.expr, fixes: list[ast.expr]) -> str:
    from detainer.errors import UserError

    return UserError(_filled(what), fix=_filled(fixes[0]) if fixes else "").line()


def _named_pieces(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """What stands in the names that are told, as it is put together there."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("why", "fault"):
            ways = [one for one in ast.walk(node.value) if isinstance(one, ast.JoinedStr | ast.Constant)]
            inside = {part for one in ways if isinstance(one, ast.JoinedStr) for part in one.values}
            found.setdefault(node.targets[0].id, []).extend(one for one in ways if one not in inside)  # type: ignore[attr-defined]
    return found


def _pieces(node: ast.expr) -> Iterator[str]:
    return (one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))


def read_on_papers() -> set[str]:
    """Every line that the reading of papers puts together, with a word in each of its places."""
    found: set[str] = set()
    for file in sorted((DESK.parent / "intake" / "paper").glob("*.py")):
        if file.stem in ("sheet", "worker", "picture"):  # a table's, and pictures': no draft keeps them
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                on = getattr(getattr(node.func, "value", None), "attr", "")
                texts = [one.value for one in node.keywords if one.arg == "why"] if name == "Reading" else []
                texts += node.args[:1] if name == "Unreadable" or (name == "append" and on == "problems") else []
                found |= {_filled(one) for one in texts if isinstance(one, ast.Constant | ast.JoinedStr)}
                found |= {f"page 47 {_filled(one)}" for one in node.args[1:2] if name == "Kind"}
                found |= {f"the file {_filled(one)}" for one in node.args[:1] if name == "append" and on == "notes"}
    return found


def _filled(node: ast.expr) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(one.value if isinstance(one, ast.Constant) else "47" for one in parts)


def all_of_them() -> set[str]:
    """Every message."""
    found = in_code() | in_templates() | in_tables() | in_mistakes()
    return {one for one in found if re.search("[A-Za-z]{2}|[a-z]", one)}
