"""A paper keeps its place in the queue, once, with its bytes and digest."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import paper_forms as forms
import pytest

from detainer import clock
from detainer.errors import UserError
from detainer.intake import papers
from detainer.intake.models import Draft, Paper
from detainer.record import personal
from detainer.record.models import Event

pytestmark = pytest.mark.django_db
POLICE = "us-ny-nyc-police"


def test_a_paper_keeps_its_bytes_and_comes_once() -> None:
    data = forms.draw(forms.person(1), forms.Look())
    first, again = (papers.take(data, "a.pdf", POLICE, "file") for _ in range(2))
    paper = Paper.objects.get()
    assert (bytes(paper.data), paper.digest) == (data, sha256(data).hexdigest())
    assert (first.already, again.already) == (False, True)
    assert first.as_json() == again.as_json()


def test_an_unreadable_paper_keeps_its_place() -> None:
    papers.take(b"%PDF-1.7 rubbish", "b.pdf", POLICE, "file")
    assert Draft.objects.get().state == Draft.WAITING


def test_citizenship_is_in_no_draft() -> None:
    said = forms.person(2)
    papers.take(forms.draw(said, forms.Look()), "c.pdf", POLICE, "file")
    assert said.citizenship not in str(list(Draft.objects.values()))


def test_a_dry_run_keeps_nothing() -> None:
    papers.take(forms.draw(forms.person(1), forms.Look()), "a.pdf", POLICE, "file", dry_run=True)
    assert not Paper.objects.exists()


def test_the_paper_goes_with_its_requests_personal_data() -> None:
    papers.take(forms.draw(forms.person(1), forms.Look()), "a.pdf", POLICE, "file")
    Draft.objects.update(request_id="r1", state=Draft.RECORDED)
    personal.remove("r1", 0)
    assert not Paper.objects.exists()


def test_an_agency_that_no_law_names_takes_no_paper() -> None:
    with pytest.raises(UserError):
        papers.take(b"x", "x", "us-nowhere", "file")


def test_only_papers_set_aside_long_ago_are_cleared_and_each_is_an_event() -> None:
    for n in range(3):
        papers.take(b"rubbish %d" % n, f"{n}.bin", POLICE, "file")
    aside = Draft.objects.filter(paper__name__in=["0.bin", "1.bin"])
    aside.update(state=Draft.ASIDE)
    Paper.objects.filter(name__in=["0.bin", "2.bin"]).update(came=clock.now() - timedelta(days=40))
    with pytest.raises(UserError, match="30 days at least"):
        papers.clear(POLICE, 29)
    assert papers.clear(POLICE, 30) == 1
    assert sorted(Paper.objects.values_list("name", flat=True)) == ["1.bin", "2.bin"]
    assert Event.objects.filter(kind="paper_removed").count() == 1
    assert papers.clear(POLICE, 30) == 0
