"""Pages that explain: what is counted and how, and how to check it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detainer.law.markup import Markup, join, tag
from detainer.report import suppress
from detainer.site.shell import Page, link, table

if TYPE_CHECKING:
    from detainer.site.gather import Material


def methods(material: Material) -> Page:
    """`methods.html`: every item of every agency with its definition, and the rules of counting."""
    parts = [tag("h2", "Rules"), tag("ul", *(tag("li", words) for words in RULES))]
    for told in material.agencies:
        rows = [[item.label, item.says, item.cite] for item in told.items]
        parts.append(tag("h2", told.agency.name))
        parts.append(tag("p", f"Days are those of the agency's clock, {told.agency.timezone}."))
        parts.append(table("What is counted", ["Fact", "Definition", "Law"], rows))
    return Page("methods.html", "Methods", join(parts))


RULES = (
    (
        "Every number is a count over the events of the record: received, decided, declined, held, told, transferred, "
        "released, withdrawn. Nothing is estimated, and nothing else enters a number."
    ),
    (
        "A step counts on the day on which it first happened, whenever the request came. A request that was reopened "
        "lost its earlier outcome; a corrected moment of receipt is the moment of receipt."
    ),
    "People are counted by request: the record does not join requests that name the same person.",
    "What nobody recorded is told beside the number and never taken for a zero. A year without any event is a gap.",
    "Calendar years, years to June and years to September are never put into one series.",
    f"{suppress.RULE} The totals that a law orders are published as the law orders them.",
    (
        "What the search found of a person is not among the published events. It is counted inside the house where a "
        "law wants it told, and such a number cannot be counted again from these files."
    ),
    (
        "The published events hold no name and no number of a person, but the moments of what happened. Whoever was "
        "present knows which event is which; that is so of any ledger that can be checked."
    ),
)


def check(material: Material) -> Page:
    """`check.html`: how anybody counts the numbers again, and what that shows."""
    commands = "python3 record/verify.py ."
    rows = [
        ["record/leaves.jsonl", "every event, one a line, as the ledger commits to it"],
        ["record/checkpoints.txt", "every signed checkpoint of the ledger"],
        ["record/verifiers.txt", "the public keys that sign them"],
        ["record/figures.json", "every published number with the rule that gives it"],
        ["record/verify.py", "the check, one file that shares no code with the program that keeps the record"],
    ]
    body = join(
        [
            tag("p", "With Python 3.11 and nothing else, in the folder that holds these pages:"),
            tag("pre", tag("code", commands), tabindex="0"),
            tag("p", WHAT),
            table("What it reads", ["File", "What it is"], [[link(path, path), says] for path, says in rows]),
            tag("h2", "The keys"),
            tag("p", KEYS),
            tag("h2", "The last checkpoint"),
            tag("p", "Keep it. A later export whose record is not grown from it is another record."),
            tag("pre", tag("code", material.note), tabindex="0"),
        ]
    )
    return Page("check.html", "Check it yourself", body)


WHAT = (
    "It reads every event, computes the tree of the ledger and compares it with each signed checkpoint. Then it counts "
    "every published number again, by its rule, and looks for it on every page and in every table of the folder. It "
    "names an event that was changed, dropped or added, a checkpoint that does not fit, and a number that comes out "
    "otherwise."
)
KEYS = (
    "verify.py takes the keys in this folder where none are given. Whoever could change the folder could change them "
    "too: compare them with those that the agency publishes elsewhere, and give them with --key. A checkpoint that you "
    "kept from earlier is compared with --checkpoint FILE."
)


def dictionary(tables: dict[str, tuple[str, tuple[tuple[str, str, str], ...]]], rows: dict[str, int]) -> Page:
    """`data.html`: the files and every column of them."""
    parts: list[Markup] = [
        tag(
            "p",
            "Tables as CSV in UTF-8; an empty cell is not known, never a zero. They are a Frictionless data package (",
            link("data/datapackage.json", "datapackage.json"),
            "); the catalog entry (DCAT-US) is ",
            link("data.json", "data.json"),
            ".",
        )
    ]
    for file, (says, columns) in tables.items():
        caption = f"{says} {rows[file]:,} rows."
        parts += [tag("h2", link(f"data/{file}", file)), table(caption, ["Column", "Type", "What it is"], columns)]
    return Page("data.html", "Data", join(parts))
