"""Prose becomes blocks of styled words."""

import pytest

from tutor.lesson.prose import formulas_of, parse_line, parse_prose
from tutor.lesson.wrapping import CodeBlock, FormulaBlock, Heading, ListItem, Paragraph, Span


def spans(markup: str) -> tuple[Span, ...]:
    (block,) = parse_prose(markup)
    assert isinstance(block, Paragraph)
    return block.spans


@pytest.mark.parametrize(
    ("style", "markup"),
    [
        ("strong", "**word**"),
        ("emphasis", "*word*"),
        ("code", "`word`"),
        ("formula", "$word$"),
    ],
)
def test_markup_becomes_a_style(style: str, markup: str):
    assert Span("word", style) in spans(f"a {markup} b")


def test_markdown_leaves_a_formula_alone():
    assert (Span("x₀*y*z", "formula"),) != spans("$x_0 *y* z$")
    assert (Span("x₀ · y · z", "formula"),) == spans("$x_0 *y* z$")


def test_a_formula_in_code_is_code():
    assert (Span("$x$", "code"),) == spans("`$x$`")


@pytest.mark.parametrize("markup", ["It costs $5 or $6.", "a $ b", r"\$x\$", "$ x $"])
def test_dollars_that_enclose_no_formula_stay(markup: str):
    assert (Span(markup.replace("\\", "")),) == spans(markup)


def test_a_displayed_formula_is_a_block_of_its_own():
    before, formula, after = parse_prose("Look:\n$$\n\\frac{a}{b}\n$$\nSo.")
    assert (Paragraph((Span("Look:"),)), Paragraph((Span("So."),))) == (before, after)
    assert FormulaBlock((" a", "───", " b")) == formula


def test_code_keeps_its_lines():
    assert (CodeBlock(("x = 1", "", "  y"), "python"),) == parse_prose(
        "```python\nx = 1\n\n  y\n```"
    )


def test_items_carry_their_markers():
    items = parse_prose("- a\n- b\n  1. c\n  2. d\n")
    assert [("•", 0), ("•", 0), ("1.", 1), ("2.", 1)] == [
        (item.marker, item.depth) for item in items if isinstance(item, ListItem)
    ]


def test_a_second_paragraph_of_an_item_has_no_marker():
    assert ["•", ""] == [
        item.marker for item in parse_prose("- a\n\n  b") if isinstance(item, ListItem)
    ]


def test_a_heading_is_a_heading():
    assert (Heading((Span("Title"),)),) == parse_prose("# Title")


def test_line_ends_of_the_file_are_spaces():
    assert (Span("one two"),) == spans("one\ntwo")


def test_line_ends_between_chinese_characters_vanish():
    assert (Span("梯度的方向"),) == spans("梯度\n的方向")


def test_two_spaces_at_a_line_end_break_the_line():
    assert (Span("one\ntwo"),) == spans("one  \ntwo")


def test_html_and_links_are_words():
    assert "<b>bold</b> and link" == "".join(
        s.text for s in spans("<b>bold</b> and [link](http://x)")
    )


def test_indented_lines_are_words_and_not_code():
    assert (Span("one"),) == spans("    one")


def test_one_line_of_prose_has_no_blocks():
    assert (Span("at "), Span("x₀ = 5", "formula")) == parse_line("at $x_0 = 5$")


def test_the_latex_of_all_formulas_is_found():
    assert (r"\eta", "x^2", r"\frac{a}{b}") == formulas_of(
        "a $\\eta$\n\n- b $x^2$ `$no$`\n\n$$\\frac{a}{b}$$"
    )
