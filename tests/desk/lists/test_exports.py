"""What leaves the desk does so for a reason that is kept; the state of the system says nothing of a case."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from desk_people import person, take
from erasing import ORDER

from detainer import __version__, clock
from detainer.desk.duties.accounts import author
from detainer.desk.duties.roles import Role
from detainer.desk.lists import exports
from detainer.record import journal, keys, ledger, verify
from detainer.record.models import Event

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.contrib.auth.models import User
    from django.test import Client

pytestmark = pytest.mark.django_db
WHY = {"reason": "audit", "reference": "FOIL-2026-117"}
DAYS = {"agency": "us-ny-nyc-police", "first": "01/01/2020", "last": "01/01/2199"}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(cell: str) -> None:
    [[said]] = csv.reader(io.StringIO(exports.table([cell], []).decode("utf-8-sig") and exports.safe(cell)))
    assert said[0] == "'"


def test_a_list_is_a_file_and_an_event_with_its_reason(officer: User, as_: Callable[[User], Client]) -> None:
    one, other = take(author(officer), name="=HYPERLINK(1)"), take(author(officer), name="B. Sämple")
    sealed = take(author(officer), name="Zebulon Quackenbush")
    journal.act(sealed, "sealed", happened=clock.now(), author="records:one", detail=ORDER)
    records = as_(person("records", Role.RECORDS))
    answer = records.post("/exports/", {**DAYS, **WHY})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert answer["Content-Disposition"] == 'attachment; filename="requests-2020-01-01-2199-01-01.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["number"]: row["name"] for row in rows} == {one.number: "'=HYPERLINK(1)", other.number: "B. Sämple"}
    event = Event.objects.filter(kind="listed").get()
    said = event.published()
    assert (said["what"], said["reason"], said["reference"]) == ("export", "audit", "FOIL-2026-117")
    assert said["requests"] == sorted([one.id, other.id])
    assert "FOIL-2026-117" in records.get("/exports/").content.decode()
    assert "exported it in a list" in records.get("/audit/").content.decode()
    assert ledger.verify() == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reason": ""}, "Say why"),
        ({"reason": "curiosity"}, "Say why"),
        ({"reference": ""}, "Give the number"),
        ({"reference": "for my brother"}, "Give the number"),
        ({"reference": "Sample-17"}, "holds a name"),
        ({"agency": "us-ny-nyc-correction"}, "one of your agencies"),
        ({"first": ""}, "from which day"),
        ({"first": "13/45/2026"}, "is not a date"),
        ({"last": "01/01/2019"}, "lies before"),
        ({"first": "01/01/2190"}, "No request came"),
    ],
)
def test_without_a_reason_nothing_leaves(
    officer: User, as_: Callable[[User], Client], change: dict[str, str], told: str
) -> None:
    take(author(officer), name="B. Sample")
    answer = as_(person("records", Role.RECORDS)).post("/exports/", {**DAYS, **WHY, **change})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Event.objects.filter(kind="listed", public__contains="export").exists()


def test_a_persons_file_holds_everything_and_its_proof_holds(
    officer: User, as_: Callable[[User], Client], tmp_path: Path
) -> None:
    made = take(author(officer), name="B. Sample")
    records = as_(person("records", Role.RECORDS))
    assert records.post(f"/requests/{made.id}/export/", {**WHY, "reference": ""}).status_code == 422
    answer = records.post(f"/requests/{made.id}/export/", WHY)
    assert answer["Content-Disposition"] == f'attachment; filename="request-{made.number}.zip"'
    event = made.events().get(kind="exported")
    assert event.published() == {
        "what": "file", **WHY, "document": f"sha256:{sha256(answer.content).hexdigest()}"
    }  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(answer.content)) as made_file:
        proof = json.loads(made_file.read("proof.json"))
        steps = made_file.read("steps.csv").decode("utf-8-sig")
        facts = made_file.read("facts.csv").decode("utf-8-sig")
    assert "recorded the request" in steps
    assert "Who asks?,ICE" in facts
    assert "B. Sample" in proof["events"][0]["personal"]["body"]
    given = [verify.Key.read(str(key)) for key in keys.verifiers()]
    (tmp_path / "proof.json").write_text(json.dumps(proof))
    assert verify.check(str(tmp_path / "proof.json"), given, []).findings == []
    assert "exported its file" in records.get("/audit/").content.decode()


def test_the_form_of_an_export_keeps_what_was_typed_and_nothing_is_recorded(
    officer: User, as_: Callable[[User], Client]
) -> None:
    made = take(author(officer), name="B. Sample")
    records, path = as_(person("records", Role.RECORDS)), f"/requests/{made.id}/export/"
    assert path in records.get(f"/requests/{made.id}/").content.decode()
    assert "FOIL-2026-117" in records.get(path).content.decode()
    again = records.post(path, {"reason": "audit", "reference": "of B. Sample"}).content.decode()
    assert '<option value="audit" selected>' in again
    assert 'value="of B. Sample"' in again
    assert as_(officer).get(path).status_code == 403
    assert not made.events().filter(kind="exported").exists()


def test_those_who_keep_a_sealed_record_export_its_file_and_nobody_else(
    officer: User, as_: Callable[[User], Client]
) -> None:
    made = take(author(officer))
    journal.act(made, "sealed", happened=clock.now(), author="records:one", detail=ORDER)
    for role, status in ((Role.RECORDS, 200), (Role.REVIEWER, 200), (Role.SUPERVISOR, 404), (Role.AUDITOR, 404)):
        client = as_(person(str(role), role))
        assert client.post(f"/requests/{made.id}/export/", WHY).status_code == status


def test_the_state_of_the_system_says_nothing_of_a_case(officer: User, as_: Callable[[User], Client]) -> None:
    made = take(author(officer), name="Zebulon Quackenbush")
    shown = as_(person("admin", Role.ADMINISTRATOR)).get("/system/").content.decode()
    for said in (__version__, ledger.latest().note.split("\n")[2], "stopped", "for ever", "Free on the disk"):
        assert said in shown
    for said in (made.number, made.id, "Quackenbush", "A 000"):
        assert said not in shown
