"""The desk in a real browser, from signing in to a decided request, with a script and without, by keyboard alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from desk_people import PASSWORD, facts, take
from page_faults import faults
from playwright.sync_api import expect

from detainer.desk.duties.accounts import author
from detainer.record.models import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from django.contrib.auth.models import User
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def officer(transactional_db: None) -> User:
    from desk_people import person

    from detainer.desk.duties.roles import Role

    return person("ruiz", Role.OFFICER)


@pytest.fixture
def open_(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Opens the desk in a browser of its own, signed in; fails the test on any error the browser tells."""
    opened, told = [], []

    def sign_in(username: str, **how: object) -> Page:
        context = chromium.new_context(base_url=live_server.url, locale="en-US", **how)  # type: ignore[arg-type]
        opened.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("console", lambda line: told.append(line.text) if line.type == "error" else None)
        page.goto("/sign-in/")
        page.get_by_label("Account").fill(username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Requests")).to_be_visible()
        return page

    yield sign_in
    for context in opened:
        context.close()
    assert told == []


def taken_in() -> str:
    """A paper in the queue, with a doubtful value and a warrant of an officer after it."""
    import paper_forms
    from desk_people import POLICE

    from detainer.intake import papers
    from detainer.intake.models import Draft

    papers.take(paper_forms.draw(paper_forms.person(7), paper_forms.Look()), "form.pdf", POLICE, "file")
    one = Draft.objects.get()
    one.reading["fields"]["date_of_birth"]["score"] = 0.5
    one.save()
    return one.id


def choose(page: Page, question: str, answer: str) -> None:
    """Give one answer of a question's radio buttons or boxes."""
    page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()


def fill_in(page: Page) -> None:
    page.get_by_role("link", name="New request").first.click()
    page.wait_for_url("**/requests/new/")  # and loaded: a hand is slower than the script's start, this test is not
    page.get_by_label("Name", exact=True).fill("B. Sample")
    choose(page, "Which form did the request come on?", "I-247A")
    choose(page, "What does the request ask for?", "Keep past release")
    choose(page, "What does the request ask for?", "Tell federal authorities of release")
    choose(page, "Who asks?", "ICE")


def test_without_a_script_from_signing_in_to_a_decided_request(officer: User, open_: Callable[..., Page]) -> None:
    page = open_("ruiz", java_script_enabled=False)
    fill_in(page)
    page.get_by_role("button", name="Show the answer so far").click()
    expect(page.locator("#answer .headline")).to_have_text("Release on time. Do not tell ICE.")
    page.get_by_role("button", name="Add a paper").click()
    page.get_by_role("group", name="Paper 1").get_by_label("What kind of paper is it?").select_option("I-200")
    page.get_by_role("button", name="Add a paper").click()
    page.get_by_role("button", name="Remove paper 2").click()
    expect(page.get_by_role("group", name="Paper 1").get_by_label("What kind of paper is it?")).to_have_value("I-200")
    expect(page.get_by_label("Name", exact=True)).to_have_value("B. Sample")
    page.get_by_role("button", name="Record the request").click()
    expect(page.locator("#answer .headline")).to_have_text("Release on time. Do not tell ICE.")
    expect(page.get_by_role("heading", level=1)).to_contain_text("B. Sample")
    made = Request.objects.get()
    assert made.facts()["warrants"] == [{"form": "I-200"}]
    page.get_by_role("button", name="Decline", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Declined. It is on record.")
    made.refresh_from_db()
    assert made.state == "settled"


def test_with_a_script_the_answer_grows_while_one_types_and_nothing_typed_is_touched(
    officer: User, open_: Callable[..., Page]
) -> None:
    page = open_("ruiz")
    page.get_by_role("link", name="New request").first.click()
    page.wait_for_url("**/requests/new/")  # and loaded: a hand is slower than the script's start, this test is not
    headline = page.locator("#answer .headline")
    expect(headline).to_have_text("Not settled yet.")
    page.get_by_label("Name", exact=True).fill("B. Sample")
    choose(page, "Is the person held the person named in the request?", "No")
    expect(headline).to_have_text("Nothing to answer. Log the request.")
    expect(page.get_by_text("No longer asked:")).to_be_visible()
    expect(page.get_by_role("group", name=re.compile("terrorist screening"))).to_have_count(0)
    choose(page, "Is the person held the person named in the request?", "Yes")
    expect(page.get_by_role("group", name=re.compile("terrorist screening"))).to_have_count(1)
    expect(page.get_by_label("Name", exact=True)).to_have_value("B. Sample")
    choose(page, "Which papers came as a warrant", "These papers came")
    expect(page.get_by_role("group", name="Paper 1")).to_be_visible()
    page.get_by_role("button", name="Add a paper").click()
    expect(page.get_by_role("group", name="Paper 2")).to_be_visible()
    page.get_by_role("button", name="Remove paper 1").click()
    expect(page.locator(".item")).to_have_count(1)


def test_what_is_being_typed_survives_an_answer_that_comes_meanwhile(officer: User, open_: Callable[..., Page]) -> None:
    page = open_("ruiz")
    page.get_by_role("link", name="New request").first.click()
    page.wait_for_url("**/requests/new/")  # and loaded: a hand is slower than the script's start, this test is not
    name, born = page.get_by_label("Name", exact=True), page.get_by_label("Date of birth")
    page.route("**/requests/new/", lambda route: (page.wait_for_timeout(300), route.continue_()))
    name.fill("B. Sample")
    with page.expect_response("**/requests/new/"):
        born.press_sequentially("01/02/1990", delay=60)
    expect(born).to_be_focused()
    expect(born).to_have_value("01/02/1990")
    expect(name).to_have_value("B. Sample")


def test_a_wrong_time_is_told_beside_its_field_as_soon_as_one_leaves_it(
    officer: User, open_: Callable[..., Page]
) -> None:
    page = open_("ruiz")
    page.get_by_role("link", name="New request").first.click()
    page.wait_for_url("**/requests/new/")  # and loaded: a hand is slower than the script's start, this test is not
    received = page.get_by_label("When was the request received?")
    received.fill("25:99")
    received.press("Tab")
    expect(page.locator("#f-request-received-wrong")).to_contain_text("has no such time of day")
    expect(received).to_have_attribute("aria-invalid", "true")
    received.fill("00:01")
    received.press("Tab")
    expect(page.locator("#f-request-received-wrong")).to_have_text("")


def test_a_plain_request_by_keyboard_alone_on_one_page(officer: User, open_: Callable[..., Page]) -> None:
    page = open_("ruiz")
    keys = page.keyboard
    for _ in range(3):  # the link that skips, the house, and there it is
        keys.press("Tab")
    keys.press("Enter")
    page.wait_for_url("**/requests/new/")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    keys.type("B. Sample")
    for _ in range(4):
        keys.press("Tab")
    keys.press("Space")  # the first form: I-247A
    keys.press("Tab")
    keys.press("Space")  # the first who asks: ICE
    keys.press("Tab")
    keys.press("Space")  # keep past release
    keys.press("Tab")
    keys.press("Space")  # tell of release
    expect(page.locator("#answer .headline")).to_have_text("Release on time. Do not tell ICE.")
    assert page.locator("#entry-doing .entry:visible").count() <= 25
    keys.press("Enter")  # on a box it records nothing
    expect(page.get_by_role("heading", name="New request")).to_be_visible()
    assert not Request.objects.exists()
    keys.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("B. Sample")
    assert Request.objects.get().modality_hold == "must_not"


def test_parts_that_settle_nothing_any_more_fold_and_one_that_somebody_opened_stays_open(
    officer: User, open_: Callable[..., Page]
) -> None:
    page = open_("ruiz")
    page.goto("/requests/new/")
    custody, search = page.locator("#part-custody"), page.locator("#part-search")
    expect(custody).to_have_attribute("open", "")
    choose(page, "Which form did the request come on?", "I-247A")
    choose(page, "Who asks?", "ICE")
    choose(page, "What does the request ask for?", "Keep past release")
    choose(page, "What does the request ask for?", "Tell federal authorities of release")
    expect(custody).not_to_have_attribute("open", "")
    expect(search).not_to_have_attribute("open", "")
    custody.locator("summary").press("Enter")
    choose(page, "Is the person in this agency's custody?", "Yes")
    choose(page, "What does the request ask for?", "Hand over")
    expect(page.locator("#answer .headline")).to_contain_text("Release on time.")
    expect(custody).to_have_attribute("open", "")
    expect(
        page.get_by_role("group", name="Is the person in this agency's custody?").get_by_label("Yes")
    ).to_be_checked()


def test_a_paper_from_the_upload_to_the_request_each_value_beside_its_spot(
    officer: User, open_: Callable[..., Page], tmp_path: Path
) -> None:
    import paper_forms

    from detainer.intake import background

    said = paper_forms.person(7)
    file = tmp_path / "form.pdf"
    file.write_bytes(paper_forms.draw(said, paper_forms.Look()))
    page = open_("ruiz")
    drawn: list[str] = []
    page.on("response", lambda answer: drawn.append(answer.url) if answer.url.endswith(".png") else None)
    page.get_by_role("link", name="Incoming").click()
    page.get_by_label("Files", exact=True).set_input_files(file)
    page.get_by_role("button", name="Take in").click()
    expect(page.get_by_role("heading", name="A paper that is being read")).to_be_visible()
    background.drain()
    spot = page.get_by_role("img", name="Name: where it stands on page 1")
    expect(spot).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert len(drawn) == 1  # one picture serves every spot
    page.get_by_role("group", name="Who asks").get_by_label("ICE", exact=True).check()
    for box in page.get_by_label("compared").all():
        box.check()
    page.get_by_role("button", name="Record the request").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(said.fields["subject_name"])


def test_two_people_from_asking_to_a_recorded_hold(officer: User, open_: Callable[..., Page]) -> None:
    from desk_people import person

    from detainer.desk.duties.roles import Role

    person("okafor", Role.REVIEWER)
    made = take(author(officer), permitted=True)
    desk, legal = open_("ruiz"), open_("okafor")
    desk.goto(f"/requests/{made.id}/")
    ask = desk.locator("li", has_text="The law permits it: hold past release")
    ask.get_by_role("button", name="Ask for approval").click()
    legal.get_by_role("link", name="Requests").click()
    legal.get_by_role("link", name="Approvals (1)").click()
    legal.get_by_role("link", name=f"Open {made.number}").click()
    legal.get_by_role("button", name="Approve").click()
    expect(legal.get_by_role("status")).to_contain_text("Approved.")
    desk.reload()
    desk.get_by_role("button", name="Record that the hold began").click()
    expect(desk.get_by_role("status")).to_have_text("The hold is on record. Its clock runs.")
    made.refresh_from_db()
    assert made.held_at is not None


@pytest.mark.sqlite
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_no_page_has_a_fault_of_access_or_runs_over_its_edge(
    officer: User, open_: Callable[..., Page], width: int, scheme: str
) -> None:
    from desk_people import person

    from detainer.desk.duties.roles import Role

    person("lindqvist", Role.SUPERVISOR, Role.REVIEWER)
    made = take(author(officer), permitted=True)
    asks_counsel = take(author(officer), said={**facts(), "watch_list": "match"})
    take(author(officer), name="A name that is very much longer than any name is expected to be, of Upper-Longtown")
    page = open_("lindqvist", viewport={"width": width, "height": 800}, color_scheme=scheme)
    came = taken_in()
    found: dict[str, list[str]] = {}
    for path in (
        "/requests/",
        "/requests/new/",
        f"/requests/{made.id}/",
        f"/requests/{made.id}/facts/",
        "/approvals/",
        "/audit/",
        "/counsel/",
        "/incoming/",
        f"/incoming/{came}/",
        f"/requests/{asks_counsel.id}/",
    ):
        page.goto(path)
        found[path] = faults(page)
    assert found == {path: [] for path in found}


def test_the_first_visit_weighs_under_150_kb_and_the_next_page_under_30(
    officer: User, open_: Callable[..., Page]
) -> None:
    made = take(author(officer))
    page = open_("ruiz")
    weights: list[int] = []

    def weigh(path: str) -> int:
        weights.clear()
        page.goto(path, wait_until="networkidle")
        return sum(weights)

    page.on("response", lambda answer: weights.append(len(answer.body()) if answer.ok else 0))
    assert weigh("/requests/new/") < 150_000
    assert weigh(f"/requests/{made.id}/") < 150_000
    page.unroute_all()
    assert len(page.request.get(f"/requests/{made.id}/").body()) < 30_000
    assert len(page.request.get("/requests/").body()) < 30_000


def test_the_clocks_on_the_list_move_by_themselves_and_the_keyboard_stays_where_it_is(
    officer: User, open_: Callable[..., Page]
) -> None:
    made = take(author(officer), name="B. Sample")
    page = open_("ruiz")
    page.clock.install()
    page.goto("/requests/")
    link = page.get_by_role("link", name=f"Open {made.number}")
    link.focus()
    take(author(officer), name="C. Muster")
    page.clock.run_for(61_000)
    expect(page.get_by_text("C. Muster")).to_be_visible()
    expect(link).to_be_focused()


def test_every_page_prints_as_a_record(officer: User, open_: Callable[..., Page]) -> None:
    made = take(author(officer))
    page = open_("ruiz")
    page.goto(f"/requests/{made.id}/")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Record the release")).to_be_hidden()
    expect(page.get_by_role("link", name="New request")).to_be_hidden()
    expect(page.locator("#answer .headline")).to_be_visible()
    expect(page.locator("#why .says").first).to_be_visible()
    expect(page.locator("#proof code").first).to_be_visible()
