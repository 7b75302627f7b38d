"""The laws are found wherever the checkout lies."""

from __future__ import annotations

import shutil
from pathlib import Path

from detainer.law import LawBook
from detainer.law.book import shipped
from detainer.law.check import shipped_cases


def test_a_checkout_below_a_folder_named_cases_has_its_laws_and_its_worked_cases(tmp_path: Path) -> None:
    laws = tmp_path / "cases" / "laws"
    shutil.copytree(shipped(), laws)
    here, there = LawBook.load(), LawBook.load(laws)
    assert there.laws.keys() == here.laws.keys()
    assert [case.id for case in shipped_cases(there)] == [case.id for case in shipped_cases(here)]
