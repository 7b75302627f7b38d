"""The demonstration goes in through the same steps as any real request, once, and into no real record."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from fake_law import POLICE, RUIZ

from detainer.demo import load
from detainer.errors import UserError
from detainer.record import journal, ledger
from detainer.record.models import Event, Request
from detainer.report import count
from detainer.report.brief import compare

pytestmark = pytest.mark.django_db

ANNUAL = "us-ny-nyc-police/annual"


def _year(number: int) -> tuple[date, date]:
    return date(number, 1, 1), date(number, 12, 31)


def test_the_public_story_comes_out_of_the_record() -> None:
    heard: list[int] = []
    loaded = load(lambda done, _of: heard.append(done))
    assert (loaded.added, loaded.already) == (80 + 1526 + 8, 0)
    assert heard == list(range(1, loaded.added + 1))
    assert journal.is_demo()

    before, after = count.run(ANNUAL, *_year(2016)), count.run(ANNUAL, *_year(2017))
    assert {figure.item.id: figure.value for figure in before.items} == {
        "received": 80, "held": 2, "transferred": 2, "not_honored": 78, "permitted": 2, "told": 0
    }  # fmt: skip
    assert {figure.item.id: figure.value for figure in after.items} == {
        "received": 1526, "held": 0, "transferred": 0, "not_honored": 1526, "permitted": 3, "told": 0
    }  # fmt: skip
    assert all(figure.known for report in (before, after) for figure in report.items)
    assert count.run(ANNUAL, date(2017, 1, 1), date(2017, 4, 3)).items[0].value == 109
    text = compare(after, before).as_text()
    assert "Detainers received: 1,526 against 80, 19.1 times" in text
    assert "0 against 2 held" in text

    laws = Counter(
        (event.happened[:4], next(one["version"] for one in json.loads(event.public)["laws"] if one["law"] == POLICE))
        for event in Event.objects.filter(kind="decided", happened__lt="2018")
    )
    assert laws == {("2016", "2014-12-14"): 80, ("2017", "2014-12-14"): 1526}
    held = Request.objects.filter(received_at__year=2016, held_at__isnull=False)
    assert {one.modality_hold for one in held} == {"may"}
    for one in held:
        reasons = one.determination().answer["decisions"]["hold"]["reasons"]
        assert any("14-154(b)(1)" in reason["cite"] for reason in reasons)

    size = ledger.head().size
    again = load(at=datetime(2027, 1, 1, tzinfo=UTC))
    assert (again.added, again.already) == (0, loaded.added)
    assert ledger.head().size == size
    assert ledger.verify() == []


def test_a_record_of_real_requests_takes_no_demonstration() -> None:
    journal.receive(POLICE, {"request": {"form": "I-247A"}}, happened=datetime(2026, 1, 5, 17, tzinfo=UTC), author=RUIZ)
    size = ledger.head().size
    with pytest.raises(UserError, match="holds real requests"):
        load()
    assert ledger.head().size == size
    assert Request.objects.count() == 1
