"""A condition reads back as it was written, binds as people read it, and is refused where it reads two ways."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slugs import slug

from detainer.errors import UserError
from detainer.law import conditions as c
from detainer.law.language import condition

TAKEN = {"and", "or", "not", "is", "in", "any", "no", "at", "where", "shown", "permitted", "within", "on", "equivalent"}
TAKEN |= {"always", "never", "before", "after", "during", "includes", "known", "over", "only", "except", "as", "least"}
words = st.from_regex(r"[a-z][a-z0-9_]{0,6}(\.[a-z_]{1,5})?", fullmatch=True).filter(lambda word: word not in TAKEN)
elements = st.sampled_from(["warrant", "conviction", "charge"])
optional = words | st.just("")

leaves = st.one_of(
    st.booleans().map(c.Always),
    words.map(c.Named),
    st.builds(c.Is, words, st.lists(words, min_size=1, max_size=3).map(tuple)),
    st.builds(c.Includes, words, words),
    st.builds(c.Under, words, words),
    st.builds(c.Stated, words),
    st.builds(c.Earlier, words, words),
    st.builds(c.Within, words),
    st.builds(c.OnList, words, st.booleans(), optional, optional, optional),
    st.builds(c.Over, words),
    st.builds(c.During, words, words),
    st.builds(c.PermittedBy, words),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(c.Not),
        inner.map(c.Shown),
        st.builds(c.Exists, elements, inner, st.integers(1, 12)),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: c.both(*parts)),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: c.either(*parts)),
    ),
    max_leaves=12,
)


@given(trees)
def test_a_condition_printed_and_read_again_is_the_same(tree: c.Node) -> None:
    assert condition(str(tree)) == tree


@given(trees, st.sampled_from([" ", "  ", "\n", "\n    "]))
def test_where_the_lines_break_does_not_matter(tree: c.Node, space: str) -> None:
    assert condition(space + str(tree).replace(" ", space) + space) == tree


A, B, C = c.Named("a"), c.Named("b"), c.Named("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("not a and b", c.And((c.Not(A), B))),
        ("not a or b", c.Or((c.Not(A), B))),
        ("not (a or b)", c.Not(c.Or((A, B)))),
        ("not not a", c.Not(c.Not(A))),
        ("(a and b) or c", c.Or((c.And((A, B)), C))),
        ("a and (b or c)", c.And((A, c.Or((B, C))))),
        ("a and (b and c)", c.And((A, B, C))),
        ("(a or b) or c", c.Or((A, B, C))),
        ("((a))", A),
        ("a is not b", c.Not(c.Is("a", ("b",)))),
        ("a is not known", c.Not(c.Stated("a"))),
        ("a is known", c.Stated("a")),
        ("a not in [b, c]", c.Not(c.Is("a", ("b", "c")))),
        ("a in [b]", c.Is("a", ("b",))),
        ("a after b", c.Earlier("b", "a")),
        ("a before at", c.Earlier("a", "at")),
        ("at before a", c.Earlier("at", "a")),
        ("at after a", c.Earlier("a", "at")),
        ("a is over", c.Over("a")),
        ("a during b", c.During("a", "b")),
        ("a within us", c.Under("a", "us")),
        ("within five_years", c.Within("five_years")),
        ("no warrant where (a)", c.Not(c.Exists("warrant", A))),
        ("no warrants where (a)", c.Not(c.Exists("warrant", A))),
        ("any conviction where (a)", c.Exists("conviction", A)),
        ("at least 2 convictions where (a)", c.Exists("conviction", A, 2)),
        ("at least 1 charge where (a)", c.Exists("charge", A)),
        ("permitted by us-ny", c.PermittedBy("us-ny")),
        ("on list l", c.OnList("l")),
        ("equivalent on list l only m except n as of d", c.OnList("l", True, "m", "n", "d")),
        ("shown(a or b)", c.Shown(c.Or((A, B)))),
        ("a is 130.65-a", c.Is("a", ("130.65-a",))),
        ("always", c.Always(True)),
        ("never", c.Always(False)),
    ],
    ids=slug,
)
def test_a_condition_means_what_people_read_in_it(text: str, tree: c.Node) -> None:
    assert condition(text) == tree


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", r"f:7: the condition is empty\. Write always or never if that is meant\."),
        ("   \n ", r"f:7: the condition is empty"),
        ("a and b or c", r"f:7: and and or stand side by side, near .*Put brackets round one of them\."),
        ("a or b and c", r"and and or stand side by side"),
        ("(a or b and c) and d", r"and and or stand side by side"),
        ("a and", r"the condition ends too early"),
        ("not", r"the condition ends too early"),
        ("a is", r"the condition ends too early"),
        ("(a", r"'\)' is expected before the end"),
        ("a)", r"'\)' is not expected, near 'a \)'"),
        ("()", r"'\)' is not expected"),
        ("and a", r"'and' is not expected"),
        ("a b", r"'b' is not expected, near 'a b'"),
        ("a in b", r"'\[' is expected before 'b'"),
        ("a in [b c]", r"'\]' is expected before 'c'"),
        ("a not b", r"'in' is expected before 'b'"),
        ("any person where (a)", r"'person' is no list, near .*Lists: warrant, conviction, charge\."),
        ("any warrant (a)", r"'where' is expected before '\('"),
        ("any warrant where a", r"'\(' is expected before 'a'"),
        ("at least 0 warrants where (a)", r"'0' is no number of one or more"),
        ("at least two warrants where (a)", r"'two' is no number of one or more"),
        ("permitted us", r"'by' is expected before 'us'"),
        ("on violent", r"'list' is expected before 'violent'"),
        ("equivalent list", r"'on' is expected before 'list'"),
        ("on list l as d", r"'of' is expected before 'd'"),
        ("shown a", r"'\(' is expected before 'a'"),
        ("a = b", r"'=' cannot stand in a condition: 'a = b'"),
        ("a & b", r"'&' cannot stand in a condition"),
        ("a is “b”", r"'“' cannot stand in a condition"),
    ],
    ids=slug,
)
def test_a_condition_that_makes_no_sense_is_told_at_the_word_where_it_stops(text: str, told: str) -> None:
    with pytest.raises(UserError, match=told) as caught:
        condition(text, "f:7")
    assert caught.value.line().startswith("f:7: ")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a and b or c", "f:7: and and or stand side by side, near 'and b or c'. Put brackets round one of them."),
        ("a b c d e f", "f:7: 'b' is not expected, near 'a b c d'"),
        ("(a and b and c and) d", "f:7: ')' is not expected, near 'b and c and ) d'"),
        (
            "any person where (a)",
            "f:7: 'person' is no list, near 'any person where ( a'. Lists: warrant, conviction, charge.",
        ),
        ("at least 0 charges where (a)", "f:7: '0' is no number of one or more, near 'at least 0 charges where ('"),
        ("a or not", "f:7: the condition ends too early, near 'a or not'"),
        ("a or where", "f:7: 'where' is not expected, near 'a or where'"),
        ("a or [", "f:7: '[' is not expected, near 'a or ['"),
        ("a or ]", "f:7: ']' is not expected, near 'a or ]'"),
        ("a or ,", "f:7: ',' is not expected, near 'a or ,'"),
        ("or a", "f:7: 'or' is not expected, near 'or a'"),
    ],
    ids=slug,
)
def test_the_words_around_the_mistake_are_told(text: str, line: str) -> None:
    with pytest.raises(UserError) as caught:
        condition(text, "f:7")
    assert caught.value.line() == line


def test_brackets_without_end_are_refused_and_not_followed() -> None:
    with pytest.raises(UserError) as caught:
        condition("(" * 100_000 + "a" + ")" * 100_000, "f:7")
    assert caught.value.line() == "f:7: the condition is nested too deeply. Define a term for a part of it."
    with pytest.raises(UserError, match="nested too deeply"):
        condition("not " * 100_000 + "a")


def test_fifty_brackets_are_followed_also_one_pair_after_another() -> None:
    deep = "(" * 50 + "a" + ")" * 50
    assert condition(deep) == A
    assert condition(" and ".join(["(a or b)"] * 60)) == c.And((c.Or((A, B)),) * 60)
    with pytest.raises(UserError, match="too deeply"):
        condition(f"({deep})")


SIGNS = ["a", "b", "us-ny", "2", "(", ")", "[", "]", ",", "warrant", "warrants", "list", "least", "by", "of", *TAKEN]


@given(st.lists(st.sampled_from(SIGNS), max_size=9).map(" ".join))
def test_any_row_of_words_is_refused_or_reads_back_as_the_same_condition(text: str) -> None:
    with suppress(UserError):
        node = condition(text)
        assert condition(str(node)) == node


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a after never", "never"),  # it would read back as "never before a"
        ("in before a", "in"),
        ("a in [known]", "known"),  # as "a is known"
        ("a in [over]", "over"),
        ("a in [b, not]", "not"),
        ("a is (", "("),
        ("a is not and", "and"),
        ("a before (", "("),
        ("a during or", "or"),
        ("a includes ]", "]"),
        ("a within within", "within"),
        ("within where", "where"),
        ("permitted by not", "not"),
        ("on list in", "in"),
        ("on list l only and", "and"),
        ("on list l except or", "or"),
        ("on list l as of shown", "shown"),
        ("known", "known"),
    ],
)
def test_a_word_that_means_something_of_its_own_is_no_name(text: str, word: str) -> None:
    with pytest.raises(UserError) as caught:
        condition(text, "f:7")
    assert caught.value.line().startswith(f"f:7: {word!r} is not expected, near ")


def test_at_is_a_moment_and_the_beginning_of_at_least() -> None:
    assert condition("a before at") == c.Earlier("a", "at")
    assert condition("at after a") == c.Earlier("a", "at")
    assert condition("at least 2 charges where (a)") == c.Exists("charge", A, 2)


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (c.OnList("l"), "on list l"),
        (c.OnList("l", equivalent=True), "equivalent on list l"),
        (c.OnList("l", only="m"), "on list l only m"),
        (c.OnList("l", besides="m"), "on list l except m"),
        (c.OnList("l", as_of="d"), "on list l as of d"),
        (
            c.OnList("l", equivalent=True, only="m", besides="n", as_of="d"),
            "equivalent on list l only m except n as of d",
        ),
        (c.Exists("warrant", A), "any warrant where (a)"),
        (c.Exists("charge", A, 2), "at least 2 charge where (a)"),
        (c.Within("y"), "within y"),
        (c.Within("y", A), "within y extended by (a)"),
        (c.Is("a", ("b", "d")), "a in [b, d]"),
        (c.Is("a", (True,)), "a"),
        (c.Not(c.Or((A, B))), "not (a or b)"),
        (c.And((A, c.Or((B, C)))), "a and (b or c)"),
        (c.Doubtful("q", c.And((A, B)), C, adds=True), "(a and b) [q]"),
        (c.PermittedBy("us"), "permitted by us"),
        (c.Under("a", "us"), "a within us"),
        (c.During("a", "t"), "a during t"),
    ],
    ids=slug,
)
def test_a_condition_prints_as_it_is_written(node: c.Node, text: str) -> None:
    assert str(node) == text
