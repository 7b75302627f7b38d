"""What is wrong with a file costs that file alone, and gets one plain reason."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable

import paper_forms as forms
import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, TextStringObject

from detainer.intake.paper import reading

FORM = forms.draw(forms.person(1), forms.Look())


def changed(change: Callable[[PdfWriter], object]) -> bytes:
    writer, out = PdfWriter(clone_from=io.BytesIO(FORM)), io.BytesIO()
    change(writer)
    writer.write(out)
    return out.getvalue()


def without_pages() -> bytes:
    out = io.BytesIO()
    PdfWriter().write(out)
    return out.getvalue()


def xfa(writer: PdfWriter) -> None:
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/XFA"): TextStringObject("x")})


def script(writer: PdfWriter) -> None:
    action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)


def huge(writer: PdfWriter) -> None:
    writer.pages[0][NameObject("/MediaBox")] = ArrayObject([FloatObject(side) for side in (0, 0, 10**7, 10**7)])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (changed(lambda writer: writer.encrypt("secret")), "password"),
        (FORM[: len(FORM) // 2], "damaged"),
        (without_pages(), "no pages"),
        (changed(lambda writer: [writer.add_blank_page(612, 792) for _ in range(1000)]), "pages; at most"),
        (changed(xfa), "XFA"),
        (changed(huge), "larger than any paper"),
    ],
    ids=["locked", "cut off", "no page", "a thousand pages", "XFA", "a page as large as a town"],
)
def test_a_file_that_cannot_be_read_gets_one_reason(data: bytes, why: str) -> None:
    (one,) = reading.read(data).as_json("a")
    assert one["form"] is None
    assert len(one["problems"]) == 1
    assert why in one["problems"][0]


@pytest.mark.parametrize(
    ("change", "what"),
    [(script, "script"), (lambda writer: writer.add_attachment("a.txt", b"x"), "attached")],
    ids=["a script", "an attachment"],
)
def test_what_a_form_carries_beside_its_fields_is_told_and_left_alone(
    change: Callable[[PdfWriter], object], what: str
) -> None:
    (form,) = reading.read(changed(change)).forms
    assert form["fields"]["subject_name"]["value"] == forms.person(1).fields["subject_name"]
    assert any(what in problem for problem in form["problems"])


def test_a_reading_that_takes_too_long_is_ended() -> None:
    assert "too long" in reading.read(FORM, seconds=0.01).why


@pytest.mark.parametrize(
    "way",
    ["socket.create_connection(('127.0.0.1', 9), 1)", "subprocess.run(['true'])", "os.system('true')"],
    ids=["the network", "a child", "a shell"],
)
def test_the_reading_process_has_no_way_out(way: str) -> None:
    code = f"import os, socket, subprocess\nfrom detainer.intake.paper import worker\nworker.confine()\n{way}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "PermissionError: " in done.stderr
