"""Texts from strangers' files."""

from fer_core.text import (
    escape_formula,
    printable,
    unescape_formula,
    unique_name,
    unique_names,
)


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert unique_name("a.jpg", []) == "a.jpg"
    assert unique_name("a.jpg", ["a.jpg", "a.jpg (2)"]) == "a.jpg (3)"
    assert unique_names(["a", "a (2)", "a", "b", "a"]) == ["a", "a (2)", "a (3)", "b", "a (4)"]


def test_no_text_starts_a_formula() -> None:
    for text in ("=1+1.jpg", "+a.jpg", "-a.jpg", "@a.jpg", "\ta.jpg", "\N{FULLWIDTH EQUALS SIGN}1"):
        assert escape_formula(text) == "'" + text
        assert unescape_formula("'" + text) == text
    assert escape_formula("a=1.jpg") == "a=1.jpg"
    assert unescape_formula("'a'") == "'a'"


def test_texts_are_visible_and_on_one_line() -> None:
    assert printable("a\nb\x1b[2J\udcff.jpg") == "a\N{REPLACEMENT CHARACTER}b" + (
        "\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}.jpg"
    )
    assert printable("Ünal 1.jpg") == "Ünal 1.jpg"
