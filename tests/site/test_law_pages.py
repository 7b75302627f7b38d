"""The law in the open: every law and version, for anybody, and one clear line for whatever is wrong with an address."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest
from django.urls import reverse

from detainer.law import Case, LawBook
from detainer.law.answer import Answer
from detainer.law.case import read_cases
from detainer.law.worked import case_files
from detainer.record.agencies import book
from detainer.site import law_facts
from detainer.site.law_links import law_url, try_url

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

BOOK = LawBook.load()
VERSIONS = [(law.id, version.span.first) for law in BOOK.laws.values() for version in law.versions]
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
FEDERAL = "request.form=I-247A&request.asks=hold&request.asks=notify"


def page(client: Client, address: str, status: int = 200) -> str:
    response: HttpResponse = client.get(address)
    assert response.status_code == status, (address, response.headers.get("Location"))
    return response.content.decode()


def main(text: str) -> str:
    """What stands on the page itself, without tags."""
    body = text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


@pytest.mark.parametrize(("law", "day"), VERSIONS)
def test_every_version_of_every_law_stands_on_a_page_with_its_provisions(client: Client, law: str, day: date) -> None:
    text = page(client, f"/law/{law}?on={day}")
    found = BOOK.laws[law]
    assert 'aria-current="true"' in text
    for rule in found.provisions:
        in_force = (rule.span.first or day) <= day <= (rule.span.last or day)
        assert (f'id="provision-{rule.id}"' in text) is in_force, rule.id
    for version in found.versions:
        assert f"{version.by}" in main(text).replace("&#x27;", "'").replace("&amp;", "&").replace("&quot;", '"')


def test_the_page_of_all_laws_names_every_law_every_version_and_every_agency(client: Client) -> None:
    text = page(client, "/law/")
    for law in BOOK.laws:
        assert f'href="/law/{law}"' in text
    for agency in BOOK.agencies:
        assert f"/law/try?agency={agency}" in text
    assert text.count('href="/law/us-ny-nyc-police?on=') == len(BOOK.laws["us-ny-nyc-police"].versions)


def test_every_link_to_a_version_leads_to_that_version(client: Client) -> None:
    for address in re.findall(r'href="(/law/us-ny-nyc-police\?on=[\d-]+)"', page(client, "/law/us-ny-nyc-police")):
        assert f'aria-current="true"><a href="{address}"' in page(client, address)


def test_nobody_signs_in_and_no_page_reads_or_sets_a_cookie(client: Client) -> None:
    for address in ("/law/", "/law/us-tx", "/law/offenses?q=PL+120.05", "/law/try", f"/law/land?{FEDERAL}"):
        response = client.get(address)
        assert response.status_code == 200
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")
        assert response.headers["Cache-Control"] == "public, max-age=300"
        assert "'none'" in response.headers["Content-Security-Policy"]
        assert "<script" not in response.content.decode()
        assert "style=" not in response.content.decode()


def test_a_page_asks_the_database_only_whether_this_is_a_demonstration(
    client: Client, django_assert_num_queries: object
) -> None:
    for address in ("/law/", "/law/us-tx", f"/law/try?{FEDERAL}", f"/law/land?{FEDERAL}"):
        with django_assert_num_queries(1):  # type: ignore[operator]
            client.get(address)


@pytest.mark.parametrize(
    ("address", "status", "line"),
    [
        ("/law/nowhere", 404, "there is no law nowhere"),
        ("/law/nowhere/diff", 404, "there is no law nowhere"),
        ("/law/us-tx?on=yesterday", 400, "on: “yesterday” is no day. Write it as 2017-06-01."),
        ("/law/us-tx?on=0001-01-01", 400, "on: 0001-01-01 lies outside 1900 to 2199"),
        ("/law/us-tx/diff?from=2017-13-01", 400, "from: “2017-13-01” is no day. Write it as 2017-06-01."),
        ("/law/us-tx/diff?to=9999-12-31", 400, "to: 9999-12-31 lies outside 1900 to 2199"),
        ("/law/offenses?on=1", 400, "on: “1” is no day"),
        ("/law/offenses?q=XX+1.5", 400, "no list names a section of XX"),
        ("/law/offenses?q=§+x9", 400, "is no section"),
        (f"/law/offenses?q={'a' * 101}", 400, "q: that is longer than 100 characters"),
        ("/law/try?agency=nowhere", 400, "there is no agency nowhere"),
        ("/law/try?at=25:99", 400, "“25:99” has no such time of day"),
        ("/law/try?at=12/31/9999+23:59", 400, "is not in the years 1900 to 2199. Check the year."),
        ("/law/try?at=01/01/1001+10:00", 400, "is not in the years 1900 to 2199. Check the year."),
        ("/law/try?request.received=01/01/1001+10:00", 400, "is not in the years 1900 to 2199. Check the year."),
        ("/law/try?request.received=12/31/9999+23:59", 400, "is not in the years 1900 to 2199. Check the year."),
        ("/law/try?person.name=A.+Example", 400, "“person.name” is no fact of the case format"),
        ("/law/try?warrants.0.signature=x", 400, "“warrants.0.signature” is no fact of the case format"),
        ("/law/land?request.form=I-999", 400, "request.form: “I-999” is not one of the answers"),
        ("/law/try/case.yaml?watch_list=maybe", 400, "watch_list: “maybe” is not one of the answers"),
        (f"/law/try?warrants.row={'0&warrants.row=' * 700}0", 400, "the address is longer than 8000 characters"),
    ],
)
def test_a_mistake_in_an_address_is_one_clear_line(client: Client, address: str, status: int, line: str) -> None:
    text = main(page(client, address, status))
    assert line in text
    assert "Traceback" not in text


@pytest.mark.parametrize(
    "address",
    [
        "/law/offenses?q={}",
        "/law/offenses?q=1{}",
        "/law/offenses?on={}",
        "/law/us-tx?on={}",
        "/law/us-tx/diff?from={}",
        "/law/try?agency={}",
        "/law/try?at={}",
        "/law/try?{}=1",
        "/law/try?request.form={}",
        "/law/try?request.received={}",
        "/law/try?record.convictions=some&record.convictions.row=0&record.convictions.0.section={}",
        "/law/try?record.convictions=some&record.convictions.row=0&record.convictions.0.law={}",
        "/law/land?request.form={}",
        "/law/land?record.convictions=some&record.convictions.row=0&record.convictions.0.section={}",
    ],
)
def test_markup_in_an_address_comes_out_as_text(client: Client, address: str) -> None:
    response = client.get(address.format(quote(SCRIPT)))
    text = response.content.decode()
    assert response.status_code in (200, 400)
    assert "<script" not in text
    assert "<img" not in text


def test_markup_in_a_fact_stays_text_in_the_case_file(client: Client, tmp_path: object) -> None:
    query = "record.convictions=some&record.convictions.row=0&record.convictions.0.section=" + quote('1"}\n---\nid: x')
    response = client.get(f"/law/try/case.yaml?agency=us-tx-sheriff&{query}")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/yaml")
    assert response.content.decode().count("\n---") == 0


# Offenses


def test_a_section_tells_its_limits_since_when_and_what_an_attempt_counts_as(client: Client) -> None:
    text = main(page(client, "/law/offenses?q=PL+135.65(2)(b)&on=2020-01-01"))
    assert "PL 135.65(2)(b), on 2020-01-01" in text
    assert "attempt" in text
    assert "counts" in text


def test_words_of_a_title_find_its_rows_and_link_to_its_section(client: Client) -> None:
    text = page(client, "/law/offenses?q=gang+ASSAULT&on=2026-01-01")
    titles = re.findall(r"<td>([^<]*)<", text)
    assert 'href="?q=PL%20120.06&amp;on=2026-01-01"' in text
    assert all("assault" in title.casefold() for title in titles if "ssault" in title)
    assert "No title on any list holds these words: zebra" in main(page(client, "/law/offenses?q=zebra"))


def test_a_section_on_no_list_names_its_neighbours(client: Client) -> None:
    text = main(page(client, "/law/offenses?q=PL+120.99"))
    assert "PL 120.99 stands on no list. Nearest:" in text


# Trying facts


def worked() -> list[Case]:
    return [case for file in case_files(BOOK.root) for case in read_cases(file)]


def test_the_link_of_every_worked_case_keeps_its_facts() -> None:
    from django.http import QueryDict

    for case in worked():
        query = QueryDict(urlsplit(try_url(case)).query)
        said = law_facts.typed(query)
        assert law_facts.tidied(query) is None, case.id
        tried = law_facts.read(said, law_facts.agency_in(said))
        given = {path: value for path, value in tried.case.facts.items() if path not in tried.standing}
        assert tried.wrong == (), case.id
        assert to_the_minute(given) == to_the_minute(case.facts), case.id
        assert {path for path in tried.case.lists if path not in tried.standing} == set(case.lists), case.id


def to_the_minute(facts: object) -> dict[str, object]:
    """Facts with moments as the form writes them, in minutes."""
    from datetime import datetime

    return {
        path: value.replace(second=0, microsecond=0) if isinstance(value, datetime) else value
        for path, value in dict(facts).items()  # type: ignore[call-overload]
    }


def test_only_set_facts_stand_in_the_address(client: Client) -> None:
    every = "agency=us-tx-sheriff&at=&request.form=I-247A&request.received=&watch_list=&warrants=&do=show"
    response = client.get(f"/law/try?{every}")
    assert response.status_code == 302
    assert response.headers["Location"] == "?agency=us-tx-sheriff&request.form=I-247A"
    assert client.get(f"/law/try{response.headers['Location']}").status_code == 200


def test_a_paper_is_added_and_taken_away_without_a_script(client: Client) -> None:
    added = client.get("/law/try?agency=us-tx-sheriff&do=add+warrants").headers["Location"]
    assert added == "?agency=us-tx-sheriff&warrants.row=0&warrants=some#g-f-warrants"
    assert "Paper 1" in main(page(client, f"/law/try{added.partition('#')[0]}"))
    gone = client.get(f"/law/try{added.partition('#')[0]}&do=remove+warrants+0").headers["Location"]
    assert gone == "?agency=us-tx-sheriff#g-f-warrants"


def test_the_answer_stands_beside_with_links_to_the_text_that_decided(client: Client) -> None:
    query = f"agency=us-ny-nyc-police&at=11/24/2026+14:30&{FEDERAL}&warrants=none"
    text = page(client, f"/law/try?{query}")
    assert "Release on time. Do not tell ICE." in main(text)
    links = re.findall(r'href="(/law/us-ny-nyc-police\?on=2026-11-24#[^"]+)"', text)
    assert links
    for link in links:
        address, _, anchor = link.partition("#")
        assert f'id="{anchor}"' in page(client, address)


def test_the_download_decides_as_the_page_does(client: Client, tmp_path_factory: pytest.TempPathFactory) -> None:
    query = f"agency=us-ny-nyc-police&at=11/24/2026+14:30&{FEDERAL}&warrants=none"
    response = client.get(f"/law/try/case.yaml?{query}")
    assert response.headers["Content-Disposition"] == 'attachment; filename="case.yaml"'
    file = tmp_path_factory.mktemp("case") / "case.yaml"
    file.write_bytes(response.content)
    answer: Answer = BOOK.decide(next(read_cases(file)))
    assert answer.headline() in main(page(client, f"/law/try?{query}"))


def test_a_standing_fact_of_an_agency_is_taken_as_given_and_said(client: Client) -> None:
    text = page(client, "/law/try?agency=us-ny-nyc-police")
    assert "Taken as given" in text
    assert "local_policy_forbids" in text
    assert "Taken as given" not in page(client, "/law/try?agency=us-tx-sheriff")


# One law, its cases, its changes


def test_a_provision_shows_the_worked_cases_that_it_decided(client: Client) -> None:
    text = page(client, "/law/us-tx")
    shown = re.findall(r'<li><a href="(/law/try\?[^"]+)">([^<]+)</a>', text)
    assert shown
    address = shown[0][0].replace("&amp;", "&")
    assert "/law/us-tx?on=" in page(client, address)


def test_the_difference_of_two_versions_is_a_table_with_examples_to_try(client: Client) -> None:
    text = page(client, "/law/us-ca/diff?from=2017-12-31&to=2018-01-01")
    assert "11 patterns of facts: every change is among them." in main(text)
    links = re.findall(r'<a href="(/law/try\?[^"]+)" rel="nofollow">', text)
    assert len(links) == 22
    page(client, links[0].replace("&amp;", "&"))


def test_where_nothing_changed_the_page_says_so(client: Client) -> None:
    assert "No answer changes, whatever the facts." in main(
        page(client, "/law/us-tx/diff?from=2026-02-01&to=2026-03-01")
    )


def test_a_comparison_that_takes_too_long_is_told_and_then_at_hand(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from detainer.site import law_changes

    monkeypatch.setattr(law_changes, "_WAIT", 0.0)
    response = client.get("/law/us-co/diff?from=2019-01-01&to=2019-06-01")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "20"
    monkeypatch.setattr(law_changes, "_WAIT", 60.0)
    page(client, "/law/us-co/diff?from=2019-01-01&to=2019-06-01")


# The law of the land


def test_every_agency_answers_the_same_facts_each_cell_with_its_citation(client: Client) -> None:
    text = page(client, f"/law/land?at=11/24/2026+14:30&{FEDERAL}&warrants=none")
    table = text.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = table.split("<tr>")[1:]
    assert len(rows) == len(book().agencies)
    for row in rows:
        for cell in row.split("<td>")[1:]:
            assert "/law/" in cell or "Find out first:" in cell or "No provision of its laws" in cell
    police = next(row for row in rows if "New York City Police" in row)
    assert "/law/us-ny-nyc-police?on=2026-11-24#provision-" in police


def test_a_decision_asked_for_has_its_column(client: Client) -> None:
    text = main(page(client, "/law/land?request.asks=transfer"))
    assert "Hand over to ICE" in text


# Links for other rooms


def test_a_link_to_a_provision_leads_to_its_place_on_the_page() -> None:
    rule = BOOK.laws["us-tx"].provisions[0].id
    assert law_url("us-tx", rule, date(2026, 1, 2)) == f"/law/us-tx?on=2026-01-02#provision-{rule}"
    assert law_url("us-tx", "no-such-rule") == "/law/us-tx"
    assert law_url("nowhere") == ""


def test_every_link_within_a_law_s_page_leads_to_a_place_on_it(client: Client) -> None:
    for law in BOOK.laws:
        text = page(client, f"/law/{law}?on=2026-11-24")
        places = set(re.findall(r' id="([^"]+)"', text))
        assert set(re.findall(r'href="#([^"]+)"', text)) <= places, law


def test_the_desk_links_to_the_law(client: Client) -> None:
    assert 'href="/law/"' in page(client, reverse("login"))


def test_a_page_says_that_it_is_english_whatever_the_browser_asks_for(client: Client) -> None:
    answer = client.get("/law/", headers={"accept-language": "es"})
    assert (answer.status_code, answer["Content-Language"]) == (200, "en")
