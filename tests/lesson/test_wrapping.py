"""Lines never exceed their width in cells, and no word is lost."""

from hypothesis import given, strategies as st

from tutor.lesson.prose import parse_prose
from tutor.lesson.wrapping import Paragraph, Span, line_width, wrap


def lines(markup: str, width: int) -> list[str]:
    return ["".join(span.text for span in line) for line in wrap(parse_prose(markup), width)]


def test_words_fill_a_line_before_the_next_begins():
    assert ["one two", "three"] == lines("one two three", 9)


def test_a_word_as_wide_as_the_line_fits():
    assert ["one two"] == lines("one two", 7)


def test_a_chinese_character_takes_two_cells():
    assert ["梯度", "方向"] == lines("梯度方向", 5)


def test_a_line_never_begins_with_a_closing_mark():
    assert ["梯度方", "向，再走"] == lines("梯度方向，再走", 8)


def test_a_line_never_ends_with_an_opening_mark():
    assert ["梯度", "（方", "向）"] == lines("梯度（方向）", 6)


def test_a_formula_is_kept_together():
    assert ["we take", "η = 10⁻¹⁰ here"] == lines(r"we take $\eta = 10^{-10}$ here", 14)


def test_punctuation_stays_with_its_formula():
    assert ["we take", "x₀ = 1."] == lines("we take $x_0 = 1$.", 9)


def test_a_word_wider_than_the_line_is_cut():
    assert ["a", "abcd", "efgh", "i b"] == lines("a abcdefghi b", 4)


def test_paragraphs_are_an_empty_line_apart():
    assert ["a", "", "b"] == lines("a\n\nb", 10)


def test_items_follow_one_another_and_hang():
    assert ["• one", "  two", "• three"] == lines("- one two\n- three", 7)


def test_code_keeps_lines_that_are_too_long():
    assert ["x = 123456789"] == lines("```\nx = 123456789\n```", 5)


def test_a_line_break_that_was_asked_for_is_kept():
    assert ["a", "b"] == lines("a  \nb", 10)


def test_a_style_survives_the_break():
    assert ((Span("one", "strong"),), (Span("two", "strong"),)) == wrap(
        parse_prose("**one two**"), 4
    )


SPANS = st.lists(
    st.builds(
        Span,
        st.text("ab 梯，。（) x̂", min_size=1, max_size=30),
        st.sampled_from(["plain", "strong", "code", "formula"]),
    ),
    max_size=6,
)


@given(SPANS, st.integers(4, 40))
def test_no_line_is_wider_than_it_may_be(spans: list[Span], width: int):
    assert all(line_width(line) <= width for line in wrap([Paragraph(tuple(spans))], width))


@given(SPANS, st.integers(4, 40))
def test_no_character_but_a_space_is_lost(spans: list[Span], width: int):
    wrapped = wrap([Paragraph(tuple(spans))], width)
    words = "".join(span.text for line in wrapped for span in line)
    given_words = "".join(span.text for span in spans)
    assert given_words.replace(" ", "") == words.replace(" ", "")
