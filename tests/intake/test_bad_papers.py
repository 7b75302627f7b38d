"""What is wrong with a file costs that file alone, and gets one plain reason."""

from __future__ import annotations

import base64
import io
import json
import random
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable

import paper_forms as forms
import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

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


def bomb(writer: PdfWriter) -> None:
    """A picture of 40,000 by 40,000 dots in colour, packed to a few thousand bytes."""
    picture = StreamObject()
    picture.set_data(zlib.compress(b"\x81\x00" * (40_000 * 40_000 * 3 // 128)))
    picture.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(40_000),
            NameObject("/Height"): NumberObject(40_000),
            NameObject("/BitsPerComponent"): NumberObject(8),
            NameObject("/ColorSpace"): NameObject("/DeviceRGB"),
            NameObject("/Filter"): ArrayObject([NameObject("/FlateDecode"), NameObject("/RunLengthDecode")]),
        }
    )
    page = writer.pages[0]
    resources = page["/Resources"].get_object()
    resources[NameObject("/XObject")] = DictionaryObject({NameObject("/Bomb"): writer._add_object(picture)})
    shown = StreamObject()
    shown.set_data(b"q 500 0 0 10 50 20 cm /Bomb Do Q")
    page[NameObject("/Contents")] = ArrayObject([page.raw_get("/Contents"), writer._add_object(shown)])


def test_a_picture_bomb_neither_keeps_the_form_from_being_read_nor_the_page_from_being_shown() -> None:
    data = changed(bomb)
    assert len(data) < 200_000
    (form,) = reading.read(data).forms
    assert form["fields"]["subject_name"]["value"] == forms.person(1).fields["subject_name"]
    assert json.loads(reading.apart(data, json.dumps({"number": 1}), seconds=30).stdout)["pages"] == 1


def test_a_bomb_of_a_picture_file_is_one_reason() -> None:
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13)
    body = b"IHDR" + struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    flood = zlib.compress(b"\0" * 50_000_000)
    parts = [body, b"IDAT" + flood, b"IEND"]
    data = head + b"".join(
        (b"" if n == 0 else struct.pack(">I", len(part) - 4)) + part + struct.pack(">I", zlib.crc32(part))
        for n, part in enumerate(parts)
    )
    said = json.loads(reading.apart(data, json.dumps({"number": 1}), seconds=30).stdout)
    assert "why" in said
    (one,) = reading.read(data).as_json("a")
    assert (one["form"], len(one["problems"])) == (None, 1)


def test_a_script_or_file_on_a_field_is_told_too() -> None:
    def behind(writer: PdfWriter) -> None:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        for n, one in enumerate(writer.pages[0]["/Annots"].get_object()):
            if n == 0:
                one.get_object()[NameObject("/AA")] = DictionaryObject({NameObject("/K"): DictionaryObject(action)})

    out = io.BytesIO()
    writer = PdfWriter(clone_from=io.BytesIO(forms.draw(forms.person(1), forms.Look(fillable=True, boxes="filled"))))
    behind(writer)
    writer.write(out)
    (form,) = reading.read(out.getvalue()).forms
    assert any("has a script in it" in problem for problem in form["problems"])


def test_a_box_whose_field_and_picture_differ_is_no_answer_and_a_problem() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(forms.draw(forms.person(1), forms.Look(fillable=True, boxes="filled"))))
    for one in writer.pages[0]["/Annots"].get_object():
        box = one.get_object()
        if box.get("/FT") == "/Btn" and box.get("/AS") == "/Off":
            box[NameObject("/V")] = next(NameObject(name) for name in box["/AP"]["/N"] if name != "/Off")
            break
    out = io.BytesIO()
    writer.write(out)
    (form,) = reading.read(out.getvalue()).forms
    assert any("is both ticked and not" in problem for problem in form["problems"])
    assert "probable_cause" not in form["fields"]


def test_a_file_with_bytes_changed_anywhere_is_a_reading_or_a_reason() -> None:
    dice = random.Random(7)  # noqa: S311  what is changed must be the same each time
    for _ in range(4):
        cut = bytearray(FORM)
        for _ in range(40):
            cut[dice.randrange(len(cut))] = dice.randrange(256)
        assert reading.read(bytes(cut)).as_json("a")  # a reading or a reason, never a failure


def test_what_is_covered_lies_where_the_reader_took_it_to_be_whatever_a_picture_says_of_its_size() -> None:
    out = io.BytesIO()
    Image.new("L", (850, 1100), 255).save(out, "PNG", dpi=(300, 300))
    asked = {"number": 1, "hidden": [[100, 100, 200, 120]], "size": [612, 792]}
    said = json.loads(reading.apart(out.getvalue(), json.dumps(asked), seconds=30).stdout)
    shown = Image.open(io.BytesIO(base64.b64decode(said["png"])))
    across, down = shown.width / 612, shown.height / 792
    assert shown.getpixel((round(150 * across), round(110 * down))) < 255
    assert shown.getpixel((round(150 * across), round(140 * down))) == 255
