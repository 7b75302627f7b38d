"""What is hashed has one spelling: RFC 8785 for JSON, UTC with six decimals for moments."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from detainer.errors import UserError
from detainer.record import canonical, verify
from detainer.record.leaf import Leaf, Sealed, envelope

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-canonical.EXACT, canonical.EXACT) | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_json_is_spelt_as_rfc_8785_spells_it(value: Any) -> None:
    assert canonical.encode(value).encode() == rfc8785.dumps(value)


def test_keys_stand_in_the_order_of_utf_16_not_of_code_points() -> None:
    """RFC 8785 section 3.2.3: an astral character sorts by its surrogates, before U+FB33."""
    assert canonical.encode({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'


@given(values)
def test_nothing_is_lost_on_the_way(value: Any) -> None:
    assert json.loads(canonical.encode(value)) == value


def test_texts_that_look_alike_stay_different() -> None:
    """Composed and decomposed accents are different names on paper; nothing normalises them away."""
    assert canonical.encode("Jos\u00e9") != canonical.encode("Jose\u0301")


def test_a_nul_byte_and_a_line_end_are_escaped_so_that_any_database_keeps_them() -> None:
    assert canonical.encode("a\0b\n\x7f\u2028") == '"a\\u0000b\\n\x7f\u2028"'


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0.1, "float"),
        (2**53, "too large"),
        (-(2**53), "too large"),
        ({1: 2}, "key is not text"),
        ({"a": {"b": [object()]}}, r"\$\.a\.b\[0\]"),
        ("\ud800", "surrogate"),
        ({"\ud800": 1}, "surrogate"),
        (b"bytes", "bytes"),
        (datetime(2026, 1, 1), "offset"),  # noqa: DTZ001  # on purpose
    ],
)
def test_what_has_no_single_spelling_is_refused(value: Any, told: str) -> None:
    with pytest.raises(UserError, match=told):
        canonical.encode(value)


def test_days_and_moments_become_text_as_they_were_given() -> None:
    there = datetime(2026, 11, 24, 10, tzinfo=timezone(timedelta(hours=-5)))
    assert canonical.plain({"day": date(2024, 2, 29), "at": there, "all": (there,)}) == {
        "all": ["2026-11-24T10:00:00-05:00"],
        "at": "2026-11-24T10:00:00-05:00",
        "day": "2024-02-29",
    }


moments = st.datetimes(timezones=st.timezones(), allow_imaginary=False)


@given(moments, moments)
def test_moments_in_text_sort_as_moments_do(one: datetime, two: datetime) -> None:
    try:
        first, second = canonical.moment(one), canonical.moment(two)
    except OverflowError:
        return  # the first and last day of the calendar have no UTC everywhere
    assert len(first) == len(second) == len("2026-11-24T15:00:00.000000Z")
    assert (first < second) == (one.astimezone(UTC) < two.astimezone(UTC))
    assert canonical.read_moment(first) == one.astimezone(UTC)


def test_a_moment_without_an_offset_is_refused() -> None:
    with pytest.raises(UserError, match="offset"):
        canonical.moment(datetime(2026, 1, 1))  # noqa: DTZ001  # on purpose
    with pytest.raises(UserError, match="offset"):
        canonical.read_moment("2026-01-01T00:00:00")


LEAF = Leaf(
    kind="received",
    request="0" * 24,
    agency="us-ny-nyc-police",
    happened="2026-11-24T15:00:00.000000Z",
    entered="2026-11-24T15:00:01.000000Z",
    author="officer:17",
    public='{"number":"2026-0001"}',
    personal="f" * 64,
)


def as_object(leaf: Leaf, seq: int) -> dict[str, Any]:
    return {
        "v": 1,
        "seq": seq,
        "kind": leaf.kind,
        "request": leaf.request,
        "agency": leaf.agency,
        "happened": leaf.happened,
        "entered": leaf.entered,
        "author": leaf.author,
        "public": json.loads(leaf.public),
        "personal": leaf.personal or None,
    }


@given(st.dictionaries(text, values, max_size=3), st.integers(0, 2**40), st.sampled_from(["", "a" * 64]))
def test_a_leaf_is_the_canonical_json_of_its_event(public: dict[str, Any], seq: int, personal: str) -> None:
    leaf = Leaf(LEAF.kind, "", "", LEAF.happened, LEAF.entered, LEAF.author, canonical.encode(public), personal)
    assert leaf.at(seq) == rfc8785.dumps(as_object(leaf, seq))
    row = (seq, leaf.kind, "", "", leaf.happened, leaf.entered, leaf.author, leaf.public, personal, "")
    assert verify.leaf(row) == leaf.hash_at(seq) == sha256(b"\0" + rfc8785.dumps(as_object(leaf, seq))).digest()


def test_the_same_event_in_another_place_is_another_leaf() -> None:
    assert LEAF.hash_at(1) != LEAF.hash_at(2)


@given(st.binary(min_size=1, max_size=30), st.integers(0, 8), st.integers(0, 8))
def test_no_text_can_move_from_one_column_of_a_leaf_into_another(raw: bytes, one: int, two: int) -> None:
    """Whatever stands in two columns, to move its end from one into the other gives another leaf."""
    columns = ["a"] * 9
    columns[6] = '{"a":1}'
    moved = list(columns)
    piece = '","' + raw.decode("latin-1") + '":"'
    columns[one] += piece
    moved[two] += piece
    same = verify.leaf((0, *columns)) == verify.leaf((0, *moved))
    assert same == (columns == moved)


def test_a_commitment_is_the_digest_of_salt_and_body() -> None:
    sealed = Sealed("00" * 32, '{"name":"Ana Example"}')
    assert sealed.commitment == sha256(bytes(32) + b'{"name":"Ana Example"}').hexdigest()


def test_the_same_data_twice_is_committed_to_differently() -> None:
    """Else a digest would tell that two requests are about the same person."""
    first, second = envelope('{"name":"Ana Example"}'), envelope('{"name":"Ana Example"}')
    assert first.body == second.body
    assert first.commitment != second.commitment
