"""A user's mistake is told in one line."""

from __future__ import annotations

from detainer.errors import UserError, UserErrors


def test_a_mistake_reads_where_what_and_what_to_do() -> None:
    error = UserError("is no date", where="a.yaml line 3", fix="Write it like 2026-01-29.")
    assert error.line() == "a.yaml line 3: is no date. Write it like 2026-01-29."


def test_a_mistake_with_no_place_and_no_remedy_is_only_what_is_wrong() -> None:
    assert UserError("stopped.").line() == "stopped."


def test_a_remedy_follows_a_sentence_that_has_its_own_stop() -> None:
    assert UserError("Is it there?", fix="Look.").line() == "Is it there? Look."


def test_a_mistake_never_takes_a_second_line() -> None:
    assert UserError("bad\nvalue", where="f\n1", fix="Mend\nit.").line() == "f 1: bad value. Mend it."


def test_several_mistakes_are_told_one_a_line() -> None:
    errors = UserErrors([UserError("one"), UserErrors([UserError("two"), UserError("three")])])
    assert errors.lines() == ["one", "two", "three"]
