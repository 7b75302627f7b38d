"""A program sends a paper: into the queue of its own agency, once, and nobody is named in the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import paper_forms as forms
import pytest
from api_client import CORRECTION, POLICE, Program, problem

from detainer.intake import background
from detainer.intake.models import Draft, Paper
from detainer.record.models import Event, Request

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
SAID = forms.person(7)
PAPER = forms.draw(SAID, forms.Look())
PDF = {"Content_Type": "application/pdf"}


def test_a_paper_waits_at_the_desk_and_the_answer_names_nobody(booking: Program) -> None:
    answer = booking.post("/incoming", raw=PAPER, **PDF)
    assert answer.status_code == 202
    said = answer.json()
    paper, draft = Paper.objects.get(), Draft.objects.get()
    assert said == {"paper": paper.id, "already": False, "read": False, "forms": []}
    background.drain()
    draft.refresh_from_db()
    answer = booking.get(f"/incoming/{paper.id}")
    assert answer.json()["forms"] == [
        {"draft": draft.id, "form": "I-247A", "pages": [1], "values": len(draft.reading["fields"]), "problems": 0}
    ]
    assert answer.json()["read"] is True
    assert (paper.agency, paper.way, bytes(paper.data)) == (POLICE, "api", PAPER)
    assert SAID.fields["subject_name"] not in answer.content.decode()
    assert Event.objects.get(kind="paper_came").author == f"token:{booking.token.id}"
    assert not Request.objects.exists()


def test_the_same_write_is_answered_alike_and_the_same_bytes_are_one_paper(booking: Program) -> None:
    once, again = (booking.post("/incoming", raw=PAPER, key="11111111-2222", **PDF) for _ in range(2))
    assert (once.content, again["Idempotent-Replayed"]) == (again.content, "true")
    other = booking.post("/incoming", raw=PAPER, **PDF)
    assert other.json() == once.json() | {"already": True}
    assert Paper.objects.count() == 1
    assert "another request" in problem(booking.post("/incoming", raw=PAPER + b"x", key="11111111-2222", **PDF), 409)


def test_rubbish_keeps_its_place_with_no_form(booking: Program) -> None:
    paper = booking.post("/incoming", raw=b"%PDF-1.7 rubbish", **PDF).json()["paper"]
    background.drain()
    said = booking.get(f"/incoming/{paper}").json()
    assert [(one["form"], one["problems"]) for one in said["forms"]] == [(None, 1)]


def test_only_a_token_that_may_receive_sends_and_only_to_its_own_agency(program: Callable[..., Program]) -> None:
    problem(program("read").post("/incoming", raw=PAPER, **PDF), 403)
    assert not Paper.objects.exists()
    program("receive", agency=CORRECTION).post("/incoming", raw=PAPER, **PDF)
    paper = Paper.objects.get()
    assert paper.agency == CORRECTION
    problem(program("receive").get(f"/incoming/{paper.id}"), 404)
    problem(program("read", agency=CORRECTION).get(f"/incoming/{paper.id}"), 403)


def test_other_media_and_too_large_a_body_are_refused(booking: Program) -> None:
    problem(booking.post("/incoming", raw=PAPER, Content_Type="text/html"), 415)
    problem(booking.post("/incoming", raw=b"x" * (40 * 1024**2 + 1), **PDF), 413)
    problem(booking.post("/requests", raw=b'"' + b"x" * (256 * 1024) + b'"'), 413)
