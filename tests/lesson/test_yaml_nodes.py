"""The YAML reader keeps the author's text and place, and survives hostile files."""

import pytest

from tutor.lesson.yaml_nodes import (
    MAX_DEPTH,
    ListNode,
    MappingNode,
    Node,
    ScalarNode,
    read_nodes,
)


def node_of(text: str) -> Node:
    node, problems = read_nodes(text, "f.yaml")
    assert [] == problems
    assert node is not None
    return node


def problems_of(text: str) -> list[str]:
    return [str(problem) for problem in read_nodes(text, "f.yaml")[1]]


@pytest.mark.parametrize("written", ["1e-3", "no", "yes", "1:30", "0o17", "null", "2026-01-01"])
def test_a_plain_value_stays_as_the_author_wrote_it(written: str):
    node = node_of(f"key: {written}")
    assert isinstance(node, MappingNode)
    value = node.get("key")
    assert isinstance(value, ScalarNode)
    assert (written, True) == (value.text, value.is_plain)


def test_every_value_knows_its_line_and_column():
    node = node_of("a: 1\nb:\n  - c\n  - [d]\n")
    assert isinstance(node, MappingNode)
    listed = node.get("b")
    assert isinstance(listed, ListNode)
    assert [(3, 5), (4, 5)] == [(item.line, item.column) for item in listed.items]


def test_a_block_keeps_its_backslashes():
    node = node_of("key: |\n  $\\frac{a}{b}$\n")
    assert isinstance(node, MappingNode)
    value = node.get("key")
    assert isinstance(value, ScalarNode)
    assert "$\\frac{a}{b}$\n" == value.text


def test_half_a_million_brackets_are_refused_and_do_not_crash():
    expected = f"f.yaml:1: is nested more than {MAX_DEPTH} levels deep"
    assert [f"{expected}; delete the superfluous brackets"] == problems_of("[" * 500_000)


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 1_200, 500_000])
def test_too_deep_is_told_alike_however_early_the_parser_gives_up(depth: int):
    """Releases of PyYAML differ in that: the line and the mend are ours."""
    deep = "title: A [sic]\nsteps:\n  " + "[" * depth
    assert problems_of(deep)[0].startswith(f"f.yaml:3: is nested more than {MAX_DEPTH} levels deep")


@pytest.mark.parametrize("closer", ["}", "\t"])
def test_an_error_behind_closed_brackets_is_told_as_what_it_is(closer: str):
    text = "a: " + "[], " * 5 + "\nb: [" + "[], " * (2 * MAX_DEPTH) + closer
    assert "levels deep" not in problems_of(text)[0]


def test_half_a_million_block_lists_are_refused():
    assert problems_of("- " * 500_000)[0].startswith("f.yaml:1: is nested more than")


def test_nesting_up_to_the_limit_is_read():
    node_of("[" * MAX_DEPTH + "]" * MAX_DEPTH)


def test_an_alias_bomb_does_not_explode():
    bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    bomb += [f"{c}: &{c} [{', '.join([f'*{b}'] * 10)}]" for b, c in zip("abcdefgh", "bcdefghi")]  # noqa: B905 - one is longer
    problems = problems_of("\n".join(bomb))
    assert 9 + 80 == len(problems)
    assert (
        "f.yaml:2: *a is an alias of YAML; "
        "write the value again (a text that starts with * in single quotes)"
    ) in problems


def test_more_values_than_any_lesson_has_are_refused():
    expected = "f.yaml:1: holds more than 50000 values; split the lesson"
    assert [expected] == problems_of("[" + "1," * 60_000 + "]")


def test_a_raw_control_character_is_named():
    assert ["f.yaml:2: holds the control character U+0007; delete it"] == problems_of("a: 1\nb: \a")


def test_nothing_is_read_twice_where_a_key_stands_twice():
    node, problems = read_nodes("a: 1\na: 2\n", "f.yaml")
    assert isinstance(node, MappingNode)
    assert ["1"] == [value.text for _, value in node.entries if isinstance(value, ScalarNode)]
    assert ["f.yaml:2: a: is already on line 1; keep one of the two"] == list(map(str, problems))
