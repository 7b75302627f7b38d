"""The terms by which a request is found: what they are, and that they come and go with the personal data."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from erasing import expunge
from fake_law import RUIZ, later

from detainer.record import journal, ledger, projection, terms
from detainer.record.models import Request, Term

Take = Callable[..., Request]


@pytest.mark.parametrize(
    ("person", "found"),
    [
        ({"name": "José-Luis O'Neill"}, {"jose", "luis", "o", "neill"}),
        ({"name": "ŁÓDŹ Straße"}, {"łodz", "strasse"}),
        ({"born": "1980-02-29"}, {"19800229"}),
        ({"file_number": "A 000 000 017"}, {"a000000017", "000000017"}),
        ({"booking_number": "B-7"}, {"b7"}),
        ({"other_names": ["Ana", "Anna Example"]}, {"ana", "anna", "example"}),
        ({}, set()),
        (None, set()),
    ],
)
def test_names_are_words_and_numbers_are_whole(person: dict[str, object] | None, found: set[str]) -> None:
    assert terms.of(person) == found


@pytest.mark.parametrize("typed", ["1980-02-29", "02/29/1980", "2/29/1980", "19800229"])
def test_a_day_is_the_same_term_however_it_is_typed(typed: str) -> None:
    assert "19800229" in set(terms.numbers(typed))


def kept(request: Request) -> set[str]:
    return set(Term.objects.filter(request_id=request.id).values_list("term", flat=True))


@pytest.mark.django_db
def test_terms_follow_what_is_said_of_the_person_and_go_when_it_is_expunged(request_in: Take) -> None:
    one = request_in(person={"name": "Ana Example", "file_number": "A 1"})
    other = request_in(person={"name": "Ana Muster"})
    assert kept(one) == {"ana", "example", "a1"}
    journal.act(one, "corrected", happened=later(1), author=RUIZ, detail={"person": {"name": "Anna Example"}})
    assert kept(one) == {"anna", "example", "a1"}
    journal.record_facts(one, {"custody": {"held": True}}, happened=later(1), author=RUIZ)
    assert kept(one) == {"anna", "example", "a1"}
    assert list(projection.differences()) == []
    expunge(one, later(2))
    assert (kept(one), kept(other)) == (set(), {"ana", "muster"})
    assert ledger.verify() == []


@pytest.mark.django_db
def test_many_requests_of_one_batch_have_their_terms(request_in: Take) -> None:
    """More rows than go one by one."""
    with journal.batch():
        made = [request_in(person={"name": f"Ana Example{number}"}) for number in range(150)]
        journal.act(made[0], "corrected", happened=later(1), author=RUIZ, detail={"person": {"name": "Eva Muster"}})
        expunge(made[1], later(1))
    assert kept(made[0]) == {"eva", "muster"}
    assert kept(made[1]) == set()
    assert kept(made[149]) == {"ana", "example149"}
    assert list(projection.differences()) == []
    assert ledger.verify() == []


@pytest.mark.django_db
def test_a_request_hidden_from_searches_is_found_out_and_mended(request_in: Take) -> None:
    one, two = request_in(), request_in(person={"name": "Eva Muster"})
    Term.objects.filter(request_id=one.id, term="example").update(request_id=two.id)
    assert [finding.where for finding in ledger.verify()] == ["terms"]
    projection.rebuild()
    assert (kept(one), kept(two)) == ({"ana", "example"}, {"eva", "muster"})
    assert ledger.verify() == []


@pytest.mark.django_db
def test_terms_stand_in_the_order_of_their_bytes(request_in: Take) -> None:
    """Else all that begins alike would not stand together."""
    request_in(person={"name": "ana änne zoe Ño 9"})
    found = list(Term.objects.order_by("term").values_list("term", flat=True))
    assert found == sorted(found, key=str.encode)
