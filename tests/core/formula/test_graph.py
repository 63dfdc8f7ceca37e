"""The graph behind a formula: one node for equal parts, and derivatives that can be read."""

import math

import pytest

from tutor.core.formula import printer
from tutor.core.formula.graph import Graph
from tutor.core.formula.reading import read

XY = ("x", "y")


@pytest.fixture
def graph():
    grown = Graph()
    for index in range(2):
        grown.add("variable", index)
    return grown


def shown(graph, node):
    return printer.source(graph, node, XY)


def test_equal_parts_are_one_node():
    graph, _, _ = read("sin(x*y) + sin(x*y)", XY)
    assert 6 >= len(graph.nodes)


def test_a_copy_grows_by_itself(graph):
    twin = graph.copy()
    twin.constant(7.0)
    assert 2 == len(graph.nodes)
    assert 3 == len(twin.nodes)
    assert graph.constant(7.0) == twin.constant(7.0)


def test_constant_parts_are_known_also_where_math_gives_up(graph):
    one, zero = graph.constant(1.0), graph.constant(0.0)
    known = [
        graph.known[graph.add("/", one, zero)],
        graph.known[graph.call("log", graph.constant(-1.0))],
        graph.known[graph.add("**", graph.constant(2.0), graph.constant(0.5))],
        graph.known[graph.add("max", one, zero)],
        graph.known[graph.add("**", zero, graph.constant(-1.0))],
        graph.known[0],
        graph.known[graph.add("+", one, 0)],
    ]
    assert math.inf == known[0] == known[4]
    assert math.isnan(known[1])
    assert [math.sqrt(2), 1.0] == known[2:4]
    assert [None, None] == known[5:]


def test_sums_and_differences_are_simplified(graph):
    x, y = 0, 1
    zero, two, minus_x = graph.constant(0.0), graph.constant(2.0), graph.negative(0)
    texts = [
        graph.sum(zero, x), graph.sum(x, zero), graph.sum(two, two), graph.sum(x, minus_x),
        graph.sum(minus_x, y), graph.difference(x, y), graph.negative(graph.difference(x, y)),
        graph.negative(minus_x), graph.negative(zero), graph.difference(zero, two),
    ]  # fmt: skip
    assert ["x", "x", "4", "x - x", "y - x", "x - y", "y - x", "x", "0", "-2"] == [
        shown(graph, node) for node in texts
    ]


def test_products_are_simplified(graph):
    x, y = 0, 1
    zero, one, two = (graph.constant(value) for value in (0.0, 1.0, 2.0))
    double, half_over_y = graph.product(two, x), graph.quotient(graph.constant(0.5), y)
    texts = [
        graph.product(zero, x), graph.product(x, one), graph.product(x, two),
        graph.product(two, double), graph.product(two, half_over_y), graph.product(two, two),
        graph.product(graph.negative(x), y), graph.product(x, graph.negative(y)),
        graph.product(graph.quotient(one, x), y), graph.product(x, graph.quotient(one, y)),
        graph.product(x, graph.add("*", two, graph.constant(math.pi))), graph.product(x, y),
    ]  # fmt: skip
    assert ["0", "x", "2*x", "4*x", "1/y", "4", "-x*y", "-x*y", "y/x", "x/y", "2*pi*x", "x*y"] == [
        shown(graph, node) for node in texts
    ]


def test_quotients_and_powers_are_simplified(graph):
    x, y = 0, 1
    zero, one, two = (graph.constant(value) for value in (0.0, 1.0, 2.0))
    texts = [
        graph.quotient(zero, x), graph.quotient(x, one), graph.quotient(one, two),
        graph.quotient(graph.negative(x), y), graph.quotient(x, graph.negative(y)),
        graph.quotient(one, zero), graph.power(x, one), graph.power(x, zero), graph.power(x, y),
    ]  # fmt: skip
    assert ["0", "x", "0.5", "-x/y", "-x/y", "1/0", "x", "1", "x**y"] == [
        shown(graph, node) for node in texts
    ]
