"""No hold, notice or transfer without the law's leave and a second person; declining and releasing never wait."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fake_law import CHEN, RUIZ, Book, Decision, book, later

from detainer.errors import UserError
from detainer.record import journal
from detainer.record.journal import Refused
from detainer.record.models import Event, Request

pytestmark = pytest.mark.django_db

Take = Callable[..., Request]
STEPS = {"held": "hold", "told": "notify", "transferred": "transfer"}
each_step = pytest.mark.parametrize("step", list(STEPS))


def approve(request: Request, step: str, who: str = CHEN, hours: float = 2) -> Event:
    return journal.act(request, "approved", happened=later(hours), author=who, detail={"for": step})


def do(request: Request, step: str, by: str | None = CHEN, who: str = RUIZ, hours: float = 3) -> Event:
    return journal.act(request, step, happened=later(hours), author=who, approved_by=by)


def decided(take: Take, step: str, modality: str) -> Request:
    request = take()
    journal.decide(request, book(**{STEPS[step]: modality}), at=later(1), author=RUIZ)
    return request


@each_step
@pytest.mark.parametrize("modality", ["may", "must"])
def test_what_the_law_permits_and_a_second_person_approved_is_recorded(
    request_in: Take, step: str, modality: str
) -> None:
    request = decided(request_in, step, modality)
    consent = approve(request, step)
    done = do(request, step)
    assert getattr(request, f"{step}_at") == later(3)
    said = done.published()
    law = request.determination()
    assert law is not None
    assert (said["approved_by"], said["approval"], said["determination"]) == (CHEN, consent.seq, law.seq)


@each_step
@pytest.mark.parametrize("modality", ["must_not", "undetermined", "not_applicable", "silent"])
def test_nothing_is_approved_or_done_that_the_law_does_not_permit(request_in: Take, step: str, modality: str) -> None:
    request = decided(request_in, step, modality)
    with pytest.raises(Refused, match="does not permit"):
        approve(request, step)
    with pytest.raises(Refused, match="does not permit"):
        do(request, step)
    assert {event.kind for event in request.events()} == {"received", "decided"}


@each_step
def test_nothing_is_done_before_the_law_was_asked(request_in: Take, step: str) -> None:
    with pytest.raises(Refused, match="not been asked"):
        do(request_in(), step)


@each_step
def test_a_determination_for_something_else_permits_nothing(request_in: Take, step: str) -> None:
    request = request_in()
    others = {decision: "must" for decision in STEPS.values() if decision != STEPS[step]}
    journal.decide(request, book(**others), at=later(1), author=RUIZ)
    with pytest.raises(Refused, match="does not permit"):
        approve(request, step)


@each_step
def test_nothing_is_done_without_a_second_person(request_in: Take, step: str) -> None:
    request = decided(request_in, step, "may")
    with pytest.raises(Refused, match="second person"):
        do(request, step, by=None)
    with pytest.raises(Refused, match="has not approved"):
        do(request, step)
    approve(request, step, RUIZ)
    with pytest.raises(Refused, match="cannot approve their own"):
        do(request, step, by=RUIZ)


@pytest.mark.parametrize("alias", ["reviewer:ruiz", "officer:RUIZ", "admin:Ruiz"])
def test_another_role_or_spelling_is_not_another_person(request_in: Take, alias: str) -> None:
    request = decided(request_in, "told", "may")
    approve(request, "told", alias)
    with pytest.raises(Refused, match="cannot approve their own"):
        do(request, "told", by=alias)


def test_a_program_is_no_person(request_in: Take) -> None:
    request = decided(request_in, "held", "may")
    with pytest.raises(Refused, match="is a program"):
        approve(request, "held", "system:demo")
    approve(request, "held")
    with pytest.raises(Refused, match="is a program"):
        do(request, "held", who="system:demo")


def test_an_approval_of_one_step_is_none_of_another(request_in: Take) -> None:
    request = request_in()
    journal.decide(request, book(hold="may", notify="may"), at=later(1), author=RUIZ)
    approve(request, "held")
    with pytest.raises(Refused, match="has not approved"):
        do(request, "told")


def test_an_approval_by_one_person_is_none_by_another(request_in: Take) -> None:
    request = decided(request_in, "held", "may")
    approve(request, "held")
    with pytest.raises(Refused, match="has not approved"):
        do(request, "held", by="reviewer:okafor")


def test_an_approval_serves_once(request_in: Take) -> None:
    request = decided(request_in, "told", "may")
    approve(request, "told")
    do(request, "told")
    with pytest.raises(Refused, match="has not approved"):
        do(request, "told", hours=4)


@each_step
def test_a_new_determination_takes_the_approval_with_it(request_in: Take, step: str) -> None:
    request = decided(request_in, step, "may")
    approve(request, step)
    journal.decide(request, book(**{STEPS[step]: "may"}), at=later(2), author=RUIZ)
    with pytest.raises(Refused, match="has not approved"):
        do(request, step)


@each_step
def test_the_last_determination_counts(request_in: Take, step: str) -> None:
    request = decided(request_in, step, "must")
    approve(request, step)
    journal.decide(request, book(**{STEPS[step]: "must_not"}), at=later(2), author=RUIZ)
    with pytest.raises(Refused, match="does not permit"):
        do(request, step)


def test_facts_recorded_since_take_determination_and_approval_with_them(request_in: Take) -> None:
    request = decided(request_in, "held", "may")
    approve(request, "held")
    journal.record_facts(request, {"custody": {"held": True}}, happened=later(2), author=RUIZ)
    with pytest.raises(Refused, match="facts were recorded after"):
        do(request, "held")


def test_nothing_is_done_before_the_determination_that_permits_it(request_in: Take) -> None:
    request = decided(request_in, "told", "may")
    with pytest.raises(Refused, match="before the determination"):
        approve(request, "told", hours=0.5)


def test_no_hold_begins_after_its_end(request_in: Take) -> None:
    request = request_in()
    journal.decide(request, book(hold="may", until=later(48)), at=later(1), author=RUIZ)
    approve(request, "held")
    with pytest.raises(Refused, match="ended at"):
        do(request, "held", hours=48.01)
    do(request, "held", hours=48)


def test_the_law_of_the_moment_counts_and_not_that_of_another_day_or_book(request_in: Take, law: Book) -> None:
    request = decided(request_in, "told", "may")
    approve(request, "told")
    law.says["notify"] = Decision("must_not")
    with pytest.raises(Refused, match="at that moment"):
        do(request, "told")
    assert law.asked[-1].at == later(3)


@pytest.mark.parametrize("over", ["released", "withdrawn"])
def test_nothing_follows_a_release_or_a_withdrawal(request_in: Take, over: str) -> None:
    request = decided(request_in, "held", "may")
    approve(request, "held")
    journal.act(request, over, happened=later(2), author=RUIZ)
    journal.decide(request, book(hold="may"), at=later(2), author=RUIZ)
    with pytest.raises(Refused, match=f"the request was {over}"):
        do(request, "held")


def test_what_was_declined_is_not_done_until_the_request_is_reopened(request_in: Take) -> None:
    request = decided(request_in, "told", "may")
    journal.act(request, "declined", happened=later(1), author=RUIZ, detail={"of": ["notify"]})
    with pytest.raises(Refused, match="was declined"):
        approve(request, "told")
    journal.act(request, "reopened", happened=later(2), author=RUIZ)
    journal.decide(request, book(notify="may"), at=later(2), author=RUIZ)
    approve(request, "told")
    do(request, "told")


def test_to_decline_the_hold_does_not_decline_the_notice(request_in: Take) -> None:
    request = request_in()
    journal.decide(request, book(hold="may", notify="may"), at=later(1), author=RUIZ)
    journal.act(request, "declined", happened=later(1), author=RUIZ, detail={"of": ["hold"]})
    approve(request, "told")
    do(request, "told")


@pytest.mark.parametrize("step", ["declined", "released", "withdrawn"])
@pytest.mark.parametrize("modality", [None, "must", "must_not", "undetermined"])
def test_declining_releasing_and_withdrawing_never_wait(request_in: Take, step: str, modality: str | None) -> None:
    request = request_in()
    if modality:
        journal.decide(request, book(hold=modality, notify=modality), at=later(1), author=RUIZ)
    journal.act(request, step, happened=later(2), author="system:desk")
    assert getattr(request, f"{step}_at") == later(2)


def test_an_approval_says_what_it_is_for(request_in: Take) -> None:
    request = decided(request_in, "held", "may")
    with pytest.raises(UserError, match="'for'"):
        journal.act(request, "approved", happened=later(2), author=CHEN)
    with pytest.raises(UserError, match="'for'"):
        journal.act(request, "approved", happened=later(2), author=CHEN, detail={"for": "released"})


@each_step
def test_nobody_is_asked_to_approve_what_the_law_does_not_permit(request_in: Take, step: str) -> None:
    request = decided(request_in, step, "must_not")
    with pytest.raises(Refused, match="does not permit"):
        journal.act(request, "asked", happened=later(2), author=RUIZ, detail={"for": step})


def test_a_second_person_can_say_no_and_the_step_stays_closed(request_in: Take) -> None:
    request = decided(request_in, "told", "may")
    journal.act(request, "asked", happened=later(2), author=RUIZ, detail={"for": "told"})
    refused = journal.act(request, "refused", happened=later(2), author=CHEN, detail={"for": "told"}, note="Too early.")
    assert refused.published() == {"for": "told"}
    with pytest.raises(Refused, match="has not approved"):
        do(request, "told")


def test_whoever_approved_can_take_it_back(request_in: Take) -> None:
    request = decided(request_in, "told", "may")
    approve(request, "told")
    journal.act(request, "refused", happened=later(2), author=CHEN, detail={"for": "told"})
    with pytest.raises(Refused, match="has not approved"):
        do(request, "told")


def test_a_refused_step_leaves_no_trace(request_in: Take) -> None:
    request = decided(request_in, "held", "must_not")
    before = list(Event.objects.order_by("seq").values_list())
    with pytest.raises(Refused):
        do(request, "held")
    assert list(Event.objects.order_by("seq").values_list()) == before
