"""What comes in, becomes known, is decided and is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from erasing import expunge
from fake_law import CHEN, NOON, POLICE, RUIZ, SHERIFF, Book, book, later

from detainer.errors import UserError
from detainer.record import journal, projection
from detainer.record.models import Checkpoint, Event, Personal, Request

pytestmark = pytest.mark.django_db

Take = Callable[..., Request]
CUSTODY = {"custody": {"held": True, "releasable_at": "2026-11-24T13:00:00-05:00"}}


def test_a_request_is_numbered_by_the_agencys_own_year(request_in: Take) -> None:
    new_year_utc = datetime(2027, 1, 1, 3, tzinfo=UTC)  # ten in the evening of the old year in New York
    assert request_in().number == "2026-0001"
    assert request_in(happened=new_year_utc).number == "2026-0002"
    assert request_in(happened=new_year_utc.replace(hour=6)).number == "2027-0001"
    assert request_in(SHERIFF, happened=new_year_utc.replace(hour=6)).number == "2026-0001"


def test_numbers_go_on_past_four_digits() -> None:
    with journal.batch() as writing:
        for _ in range(9999):
            writing.number(POLICE, 2026)
        assert writing.number(POLICE, 2026) == "2026-10000"


def test_what_counts_need_is_public_and_what_names_a_person_is_not(request_in: Take) -> None:
    request = request_in(reference="A 012 345 678")
    event = request.events().get()
    said = {"form": "I-247A", "asks": ["hold", "notify"], "from": "ice", "purpose": "civil"}
    assert event.published() == {"number": "2026-0001", "request": said}
    body = event.body()
    assert body is not None
    assert body["person"] == {"name": "Ana Example"}
    assert body["reference"] == "A 012 345 678"
    public = "".join(str(value) for value in Event.objects.values_list())
    assert "Ana" not in public
    assert "012 345 678" not in public


def test_facts_gather_and_later_ones_win(request_in: Take) -> None:
    request = request_in()
    journal.record_facts(request, {"search": {"run": "at_booking"}, **CUSTODY}, happened=later(1), author=RUIZ)
    journal.record_facts(request, {"search": {"run": "at_release"}}, happened=later(2), author=RUIZ)
    facts = request.facts()
    assert facts["search"] == {"run": "at_release"}
    assert facts["custody"]["held"] is True
    assert facts["request"]["received"] == "2026-11-24T17:00:00.000000Z"
    assert request.releasable_at == datetime(2026, 11, 24, 18, tzinfo=UTC)


def test_a_correction_can_make_a_fact_unknown_again(request_in: Take) -> None:
    request = request_in()
    journal.record_facts(request, CUSTODY, happened=later(1), author=RUIZ)
    detail = {"unknown": ["custody.releasable_at", "request.form"], "facts": {"request": {"purpose": "criminal"}}}
    journal.act(request, "corrected", happened=later(2), author=RUIZ, detail=detail)
    assert "releasable_at" not in request.facts()["custody"]
    assert (request.form, request.purpose, request.releasable_at) == ("", "criminal", None)


def test_the_time_of_receipt_can_be_corrected_and_keeps_its_number(request_in: Take) -> None:
    request = request_in()
    received = {"request": {"received": "2025-12-31T12:00:00-05:00"}}
    with pytest.raises(UserError, match="came in at"):
        journal.record_facts(request, received, happened=later(1), author=RUIZ)
    journal.act(request, "corrected", happened=later(1), author=RUIZ, detail={"facts": received})
    assert request.received_at == datetime(2025, 12, 31, 17, tzinfo=UTC)
    assert request.number == "2026-0001"


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"custody": {"held": "yes"}}, "custody.held"),
        ({"custodi": {}}, "custodi"),
        ({"arrest": {"date": "2026-02-30"}}, "arrest.date"),
        ({"at": "2026-11-24T10:00:00-05:00"}, "'at' is not a fact"),
        ({"arrest": {"date": 1.5}}, "float"),
    ],
)
def test_a_fact_that_no_case_file_could_hold_is_refused_and_leaves_nothing(
    request_in: Take, facts: dict[str, Any], told: str
) -> None:
    request = request_in()
    before = Event.objects.count(), Checkpoint.objects.count(), request.last_seq
    with pytest.raises(UserError, match=told):
        journal.record_facts(request, facts, happened=later(1), author=RUIZ)
    assert (Event.objects.count(), Checkpoint.objects.count(), request.last_seq) == before


def test_the_answer_is_kept_as_given_with_the_facts_it_rested_on(request_in: Take) -> None:
    request = request_in(facts=CUSTODY)
    law = book(hold="may", notify="must_not", until=later(48))
    made = journal.decide(request, law, at=later(1), author=RUIZ)
    (case,) = law.asked
    assert (case.agency, case.at) == (POLICE, later(1))
    assert case.get("custody.held") is True
    assert made.modalities == {"hold": "may", "notify": "must_not"}
    assert made.answer == {
        "decisions": {
            "hold": {"modality": "may", "until": "2026-11-26T17:00:00+00:00"},
            "notify": {"modality": "must_not", "until": "2026-11-26T17:00:00+00:00"},
        }
    }
    assert made.case is not None
    assert made.case["custody"]["held"] is True
    assert request.determination() == made
    assert (request.modality_hold, request.modality_notify, request.modality_transfer) == ("may", "must_not", "")
    assert (request.hold_ends, request.decided_at) == (later(48), later(1))
    event = Event.objects.get(seq=made.seq)
    assert event.published()["laws"] == [{"law": "us-test", "version": "2026-01-01"}]
    assert event.happened_at == later(1)


def test_the_moment_of_release_gives_the_time_held_past_it(request_in: Take) -> None:
    request = request_in(facts=CUSTODY)
    journal.act(request, "released", happened=later(3.5), author=RUIZ)
    assert request.released_at == later(3.5)
    assert request.past_release == 2.5 * 3600
    assert request.state == "settled"
    assert request.facts()["custody"]["held"] is False


def test_the_time_held_past_release_follows_a_correction_of_when_release_was_due(request_in: Take) -> None:
    request = request_in()
    journal.act(request, "released", happened=later(3), author=RUIZ)
    assert request.past_release is None
    journal.record_facts(request, CUSTODY, happened=later(4), author=RUIZ)
    assert request.past_release == 2 * 3600
    journal.act(request, "corrected", happened=later(5), author=RUIZ, detail={"unknown": ["custody.releasable_at"]})
    assert request.past_release is None


def test_a_release_in_time_is_no_time_past_it(request_in: Take) -> None:
    request = request_in(facts=CUSTODY)
    journal.act(request, "released", happened=later(0.5), author=RUIZ)
    assert request.past_release == 0


def test_a_withdrawn_request_is_settled_and_its_case_says_so(request_in: Take) -> None:
    request = request_in()
    journal.act(request, "withdrawn", happened=later(1), author=RUIZ)
    assert (request.state, request.withdrawn_at) == ("settled", later(1))
    assert request.case(later(2)).get("request.withdrawn") == later(1)
    journal.act(request, "reopened", happened=later(2), author=RUIZ)
    assert request.state == "open"
    assert request.case(later(3)).get("request.withdrawn") is False


def test_a_request_is_settled_once_all_that_it_asks_is_declined(request_in: Take) -> None:
    request = request_in()
    journal.act(request, "declined", happened=later(1), author=RUIZ, detail={"of": ["hold"]})
    assert request.state == "open"
    journal.act(request, "declined", happened=later(2), author=RUIZ, detail={"of": ["notify"]})
    assert (request.state, request.declined_at) == ("settled", later(2))


def test_a_contact_outside_a_form_and_a_move_of_custody_are_events(request_in: Take) -> None:
    request = request_in(facts=CUSTODY)
    spoken = {"by": "ice", "way": "call", "asked": "when she leaves"}
    call = journal.act(request, "contact", happened=later(1), author=RUIZ, note="No answer given.", detail=spoken)
    assert call.published() == {"by": "ice", "way": "call"}
    assert call.body() == {"note": "No answer given.", "detail": {"asked": "when she leaves"}}
    journal.act(request, "custody_moved", happened=later(2), author=RUIZ, detail={"to": SHERIFF})
    assert request.custody_with == SHERIFF
    assert request.facts()["custody"]["held"] is False


def test_superseding_forms_are_linked_both_ways_and_not_merged(request_in: Take) -> None:
    old, new = request_in(), request_in()
    journal.link(new, old, "supersedes", happened=later(1), author=RUIZ)
    assert new.events().last().published() == {"to": old.id, "as": "supersedes"}
    assert old.events().last().published() == {"to": new.id, "as": "superseded_by"}
    assert Request.objects.count() == 2
    with pytest.raises(UserError, match="itself"):
        journal.link(new, new, "duplicates", happened=later(1), author=RUIZ)


@pytest.mark.parametrize(
    "detail", [{"way": "I called them at 5"}, {"way": {"a": "b"}}, {"way": ["fax", "Ana Example"]}]
)
def test_what_is_public_for_ever_takes_no_free_text(request_in: Take, detail: dict[str, Any]) -> None:
    with pytest.raises(UserError, match="no free text"):
        journal.act(request_in(), "contact", happened=later(1), author=RUIZ, detail=detail)


@pytest.mark.parametrize("author", ["ruiz", "officer:Ana Example", "officer:", "Officer:ruiz", "officer:ruiz\n"])
def test_an_author_is_an_account_and_no_free_text(request_in: Take, author: str) -> None:
    with pytest.raises(UserError, match="author"):
        request_in(author=author)


def test_a_time_without_an_offset_is_refused(request_in: Take) -> None:
    with pytest.raises(UserError, match="offset"):
        journal.act(request_in(), "viewed", happened=datetime(2026, 11, 24, 12), author=RUIZ)  # noqa: DTZ001  # on purpose


def test_an_unknown_step_or_agency_is_refused(request_in: Take) -> None:
    with pytest.raises(UserError, match="no step"):
        journal.act(request_in(), "deleted", happened=later(1), author=RUIZ)
    with pytest.raises(UserError, match="no agency"):
        request_in("us-xx-nowhere")


class TestTheSameSourceAgain:
    SOURCE = {"mapping": "ice-foia-2015", "file_digest": "ab12", "key": "row 17"}

    def test_is_the_same_request_and_writes_nothing(self, request_in: Take) -> None:
        first = request_in(source=self.SOURCE)
        before = Event.objects.count()
        again = request_in(source={**self.SOURCE, "file_digest": "other"}, person={"name": "Other Example"})
        assert (again.id, again.number) == (first.id, first.number)
        assert Event.objects.count() == before
        assert again.person() == {"name": "Ana Example"}

    def test_is_found_inside_the_same_batch_too(self, request_in: Take) -> None:
        with journal.batch():
            assert request_in(source=self.SOURCE).id == request_in(source=self.SOURCE).id
        assert Request.objects.count() == 1

    def test_of_another_agency_mapping_or_key_is_another_request(self, request_in: Take) -> None:
        sources = [self.SOURCE, {**self.SOURCE, "mapping": "other"}, {**self.SOURCE, "key": "row 18"}]
        numbers = [request_in(source=source).number for source in sources]
        assert numbers == ["2026-0001", "2026-0002", "2026-0003"]
        assert request_in(SHERIFF, source=self.SOURCE).number == "2026-0001"

    def test_outlives_a_seal(self, request_in: Take) -> None:
        request = request_in(source=self.SOURCE)
        expunge(request, later(1))
        assert request_in(source=self.SOURCE).id == request.id
        assert request_in(source=self.SOURCE).person() is None

    def test_keeps_the_mappings_name_and_not_the_key(self, request_in: Take) -> None:
        request = request_in(source=self.SOURCE)
        assert request.source == "ice-foia-2015"
        assert "row 17" not in request.events().get().public

    def test_needs_a_mapping(self, request_in: Take) -> None:
        with pytest.raises(UserError, match="mapping"):
            request_in(source={"key": "1"})


class TestABatch:
    def test_is_one_checkpoint_over_all_its_events(self, request_in: Take) -> None:
        with journal.batch():
            for _ in range(300):
                request_in()
        assert Event.objects.count() == 301
        assert list(Checkpoint.objects.values_list("size", flat=True)) == [301]
        assert Request.objects.count() == 300

    def test_leaves_nothing_when_it_fails(self, request_in: Take) -> None:
        def two_and_a_failure() -> None:
            with journal.batch():
                request_in()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            two_and_a_failure()
        assert (Event.objects.count(), Request.objects.count(), Personal.objects.count()) == (0, 0, 0)
        assert request_in().number == "2026-0001"

    def test_goes_on_after_a_step_that_was_refused(self, request_in: Take) -> None:
        with journal.batch():
            request_in()
            with pytest.raises(UserError):
                request_in(facts={"custody": {"held": "yes"}})
            request_in()
        assert sorted(Request.objects.values_list("number", flat=True)) == ["2026-0001", "2026-0002"]

    def test_knows_its_own_steps_before_they_are_written(self, request_in: Take) -> None:
        with journal.batch():
            request = request_in(facts=CUSTODY)
            journal.decide(request, book(hold="may"), at=later(1), author=RUIZ)
            journal.act(request, "approved", happened=later(1), author=CHEN, detail={"for": "held"})
            journal.act(request, "held", happened=later(1), author=RUIZ, approved_by=CHEN)
            assert request.facts()["custody"]["hold_started"] == "2026-11-24T18:00:00.000000Z"
        assert Request.objects.get().held_at == later(1)

    def test_is_the_same_whether_it_is_written_in_one_go_or_in_many(
        self, request_in: Take, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from detainer.record import batch

        monkeypatch.setattr(batch, "FULL", 3)
        with journal.batch():
            made = [request_in(source={"mapping": "m", "key": str(number % 5)}) for number in range(10)]
            for request in made[:5]:
                journal.decide(request, book(hold="must_not"), at=later(1), author=RUIZ)
                journal.act(request, "declined", happened=later(2), author=RUIZ)
        assert Event.objects.count() == 1 + 5 + 10
        assert list(Request.objects.order_by("number").values_list("number", "state")) == [
            (f"2026-000{number}", "settled") for number in range(1, 6)
        ]
        assert list(projection.differences()) == []
        assert Checkpoint.objects.count() == 1


def test_a_request_that_comes_in_late_is_entered_now_and_happened_then(
    request_in: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    from detainer.record import batch

    monkeypatch.setattr(batch, "now", lambda: later(1000))
    event = request_in().events().get()
    assert (event.happened_at, event.entered_at) == (NOON, later(1000))


def test_a_case_is_asked_about_as_it_stood(request_in: Take, law: Book) -> None:
    assert request_in(facts=CUSTODY).case(later(1)).get("custody.releasable_at") == datetime(
        2026, 11, 24, 18, tzinfo=UTC
    )
    assert law.asked == []


def test_a_moment_that_was_asked_for_and_that_nobody_knows_is_kept_as_that(request_in: Callable[..., Any]) -> None:
    made = request_in()
    journal.record_facts(made, {"custody": {"releasable_at": "unknown"}}, happened=NOON, author=RUIZ)
    assert made.releasable_at is None
    assert made.facts()["custody"]["releasable_at"] == "unknown"
