"""One answer in which everything is said, as text, as the page and as data: written out whole."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from detainer.law import answer_page, explain
from detainer.law.answer import (
    Answer,
    Because,
    Change,
    Decision,
    Duty,
    FactNeeded,
    LayerAnswer,
    LayerDecision,
    Question,
    Reason,
)

ZONE = ZoneInfo("America/New_York")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}-05:00")


UNTIL, OUTER, FLAT = at("2026-11-27T10:00:00"), at("2026-11-30T10:00:00"), at("2026-11-26T09:00:00")
MET = Because("§ 1(a)", "A paper <came>.", True, ("warrants", "search.run"))
NOT_MET = Because("§ 1(b)", "No match.", False)
OPEN = Because("§ 1(c)", "Not known: a plea.", None)
ANSWER = Answer(
    id="one",
    agency="zz",
    at=at("2026-11-24T10:00:00"),
    decisions={
        "hold": Decision(
            "hold",
            "may",
            UNTIL,
            OUTER,
            FLAT,
            reasons=(Reason("city", "2020-01-01", "b.1", "§ 1", "May hold.", (MET, NOT_MET, OPEN)),),
            changes=(
                Change(("The 48 hours are over.", "No paper comes."), "must_not"),
                Change(("A match is found.",), "must", FLAT),
            ),
            set_aside=(Reason("town", "", "x", "§ 2", "No hold."),),
            settled=False,
        ),
        "notify": Decision(
            "notify",
            "must_not",
            reasons=(Reason("state", "2020-01-01", "c", "§ 3", "No notice."),),
            against=(Reason("land", "2019-01-01", "d", "§ 4", "Tell."),),
        ),
        "transfer": Decision("transfer", "undetermined", could_be=("may", "must_not")),
        "interview": Decision("interview", "silent"),
    },
    laws=(
        LayerAnswer("land", "", "aaa", {}),
        LayerAnswer(
            "city",
            "2020-01-01",
            "bbb",
            {"hold": LayerDecision("may", UNTIL, OUTER, FLAT), "notify": LayerDecision("silent")},
        ),
    ),
    facts_needed=(
        FactNeeded("watch_list", "Is there a match?", "It opens a hold.", ("hold", "transfer"), "nobody has asked"),
        FactNeeded("custody.held", "Is the person kept?", "", ("hold",), "asked, no answer"),
    ),
    counsel=(Question("plea", "city", "§ 5", "Is a plea a judgment?", "It is not.", ("hold",)),),
    duties=(
        Duty("a", "city", "§ 6", "Tell the person.", "at once", UNTIL, "notice", "received", 24, reminder=True),
        Duty("b", "city", "§ 7", "Log it.", "at once"),
        Duty("c", "city", "§ 8", "Count it.", ""),
    ),
    digest="aaa+bbb",
    calendar="ccc",
    asks=("transfer",),
)


def test_as_text() -> None:
    assert explain.text(ANSWER, ZONE).splitlines() == [
        "one · zz · Tue 24 Nov 2026, 10:00",
        "YOU MAY HOLD. DO NOT TELL ICE.",
        "",
        "Hold past release: may, until Fri 27 Nov 2026, 10:00",
        "  Plain 48 hours: Thu 26 Nov 2026, 09:00. Outer limit: Mon 30 Nov 2026, 10:00.",
        "  § 1: May hold.",
        "    · A paper <came>. [§ 1(a)]",
        "    · No match. [§ 1(b)]",
        "    · Not known: a plea. [§ 1(c)]",
        "  Set aside by a wider law: § 2: No hold.",
        "  What would change it:",
        "  - The 48 hours are over. No paper comes. → must not",
        "  - A match is found. → must until Thu 26 Nov 2026, 09:00",
        "",
        "Tell ICE of the release: must not",
        "  § 3: No notice.",
        "  In conflict, and not resolved here: § 4 commands it: Tell.",
        "",
        "Hand over to ICE: not settled",
        "  It could be: may, must not.",
        "",
        "Not known, and could still change the answer (most decisive first):",
        "- Is there a match? (nobody has asked) It opens a hold.",
        "- Is the person kept? (asked, no answer)",
        "",
        "For counsel:",
        "- Is a plea a judgment? Until answered: It is not. [§ 5]",
        "",
        "To do:",
        "- Tell the person. (by Fri 27 Nov 2026, 10:00) [§ 6]",
        "- Log it. (at once) [§ 7]",
        "- Count it. [§ 8]",
        "",
        "Law as it stood: land: not in force; city 2020-01-01",
    ]


PAGE = """
<article class="answer">
<h3 class="headline">You may hold. Do not tell ICE.</h3>
<section class="decision decision-hold">
<h4>Hold past release: <strong class="may">may</strong>, until
 <time datetime="2026-11-27T10:00:00-05:00">Fri 27 Nov 2026, 10:00</time></h4>
<p class="ends">Plain 48 hours: <time datetime="2026-11-26T09:00:00-05:00">Thu 26 Nov 2026, 09:00</time>. Outer limit:
 <time datetime="2026-11-30T10:00:00-05:00">Mon 30 Nov 2026, 10:00</time>.</p>
<div class="reason"><p><a href="/law/city/2020-01-01/b.1"><cite>§ 1</cite></a>: May hold.</p>
<ul><li class="met" data-facts="warrants search.run">A paper &lt;came&gt;. <cite>§ 1(a)</cite></li>
<li class="not-met">No match. <cite>§ 1(b)</cite></li>
<li class="not-known">Not known: a plea. <cite>§ 1(c)</cite></li></ul></div>
<div class="reason"><p>Set aside by a wider law: <cite>§ 2</cite>: No hold.</p></div>
<p>What would change it:</p>
<ul class="changes"><li>The 48 hours are over. No paper comes. → <strong>must not</strong></li>
<li>A match is found. → <strong>must</strong> until
 <time datetime="2026-11-26T09:00:00-05:00">Thu 26 Nov 2026, 09:00</time></li></ul></section>
<section class="decision decision-notify">
<h4>Tell ICE of the release: <strong class="must_not">must not</strong></h4>
<div class="reason"><p><a href="/law/state/2020-01-01/c"><cite>§ 3</cite></a>: No notice.</p></div>
<div class="reason"><p>In conflict, and not resolved here: <a href="/law/land/2019-01-01/d"><cite>§ 4</cite></a>
 commands it: Tell.</p></div></section>
<section class="decision decision-transfer">
<h4>Hand over to ICE: <strong class="undetermined">not settled</strong></h4>
<p>It could be: may, must not.</p></section>
<section class="needed"><h4>Not known, and could still change the answer (most decisive first)</h4>
<ol><li>Is there a match? (nobody has asked) It opens a hold.</li>
<li>Is the person kept? (asked, no answer)</li></ol></section>
<section class="counsel"><h4>For counsel</h4>
<ol><li>Is a plea a judgment? Until answered: It is not. <cite>§ 5</cite></li></ol></section>
<section class="duties"><h4>To do</h4>
<ol><li>Tell the person. (by <time datetime="2026-11-27T10:00:00-05:00">Fri 27 Nov 2026, 10:00</time>)
 <cite>§ 6</cite></li>
<li>Log it. (at once) <cite>§ 7</cite></li><li>Count it. <cite>§ 8</cite></li></ol></section>
<details><summary>Not asked for, but judged</summary>
<section class="decision decision-interview">
<h4>Let ICE interview: <strong class="silent">no law speaks of it</strong></h4></section></details>
<p>Law as it stood: land: not in force; city 2020-01-01</p></article>
"""


def test_as_a_part_of_a_page() -> None:
    def link(law: str, version: str, provision: str) -> str:
        return f"/law/{law}/{version}/{provision}" if version else ""

    assert answer_page.html(ANSWER, ZONE, link, 3) == re.sub(r"\n", "", PAGE)


def test_without_an_address_a_citation_is_no_link_and_a_heading_is_the_second() -> None:
    page = answer_page.html(ANSWER, ZONE)
    assert "<a " not in page
    assert page.startswith('<article class="answer"><h2 class="headline">')
    assert "<h3>For counsel</h3>" in page


def test_ends_that_are_all_one_moment_are_told_once_and_nothing_that_is_not_there_is_headed() -> None:
    hold = Decision("hold", "may", UNTIL, UNTIL, UNTIL)
    bare = replace(ANSWER, decisions={"hold": hold, "notify": Decision("notify", "silent")})
    bare = replace(bare, facts_needed=(), counsel=(), duties=(), laws=())
    page, text = answer_page.html(bare, ZONE), explain.text(bare, ZONE)
    for said in (page, text):
        assert "Plain 48 hours" not in said
        assert "What would change it" not in said
        assert "For counsel" not in said
        assert "To do" not in said
    assert "<details>" not in page
    assert '<section class="needed">' not in page


def test_as_data() -> None:
    """docs/case-format.md, "The answer"."""
    because = [
        {"cite": "§ 1(a)", "text": "A paper <came>.", "met": True, "facts": ["warrants", "search.run"]},
        {"cite": "§ 1(b)", "text": "No match.", "met": False, "facts": []},
        {"cite": "§ 1(c)", "text": "Not known: a plea.", "met": None, "facts": []},
    ]
    until, outer, flat = "2026-11-27T10:00:00-05:00", "2026-11-30T10:00:00-05:00", "2026-11-26T09:00:00-05:00"

    def reason(law: str, version: str, provision: str, cite: str, text: str) -> dict[str, object]:
        return {"law": law, "version": version, "provision": provision, "cite": cite, "text": text, "because": []}

    assert ANSWER.as_json() == {
        "id": "one",
        "agency": "zz",
        "at": "2026-11-24T10:00:00-05:00",
        "headline": "You may hold. Do not tell ICE.",
        "decisions": {
            "hold": {
                "modality": "may",
                "until": until,
                "outer_limit": outer,
                "flat_48": flat,
                "alarm": flat,
                "settled": False,
                "reasons": [{**reason("city", "2020-01-01", "b.1", "§ 1", "May hold."), "because": because}],
                "set_aside": [reason("town", "", "x", "§ 2", "No hold.")],
                "changes": [
                    {"if": ["The 48 hours are over.", "No paper comes."], "modality": "must_not", "until": None},
                    {"if": ["A match is found."], "modality": "must", "until": flat},
                ],
            },
            "notify": {
                "modality": "must_not",
                "until": None,
                "settled": True,
                "reasons": [reason("state", "2020-01-01", "c", "§ 3", "No notice.")],
                "against": [reason("land", "2019-01-01", "d", "§ 4", "Tell.")],
                "changes": [],
            },
            "transfer": {
                "modality": "undetermined",
                "until": None,
                "settled": True,
                "could_be": ["may", "must_not"],
                "reasons": [],
                "changes": [],
            },
            "interview": {"modality": "silent", "until": None, "settled": True, "reasons": [], "changes": []},
        },
        "laws": [
            {"law": "land", "version": None, "digest": "aaa", "decisions": {}},
            {
                "law": "city",
                "version": "2020-01-01",
                "digest": "bbb",
                "decisions": {
                    "hold": {"modality": "may", "until": until, "outer_limit": outer, "flat_48": flat},
                    "notify": {"modality": "silent"},
                },
            },
        ],
        "facts_needed": [
            {
                "fact": "watch_list",
                "asks": "Is there a match?",
                "why": "It opens a hold.",
                "decisions": ["hold", "transfer"],
                "status": "nobody has asked",
            },
            {
                "fact": "custody.held",
                "asks": "Is the person kept?",
                "why": "",
                "decisions": ["hold"],
                "status": "asked, no answer",
            },
        ],
        "counsel": [
            {
                "id": "plea",
                "law": "city",
                "cite": "§ 5",
                "asks": "Is a plea a judgment?",
                "cautious": "It is not.",
                "decisions": ["hold"],
            }
        ],
        "duties": [
            {
                "id": "a",
                "law": "city",
                "cite": "§ 6",
                "says": "Tell the person.",
                "due": "at once",
                "due_at": until,
                "paper": "notice",
                "after": "received",
                "hours": 24,
                "reminder": True,
            },
            *(
                {
                    "id": name,
                    "law": "city",
                    "cite": cite,
                    "says": says,
                    "due": due,
                    "due_at": None,
                    "paper": "",
                    "after": "",
                    "hours": None,
                    "reminder": False,
                }
                for name, cite, says, due in (("b", "§ 7", "Log it.", "at once"), ("c", "§ 8", "Count it.", ""))
            ),
        ],
        "digest": "aaa+bbb",
        "calendar": "ccc",
    }
