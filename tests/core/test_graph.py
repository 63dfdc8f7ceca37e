"""A computational graph's gradients are those of central differences; a slip is another number."""

from __future__ import annotations

import numpy as np
import pytest

from tutor.core.graph import Node, Part, parts_to_fill, slips, walk
from tutor.errors import TutorError

T = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
GRAPHS = {
    "branch": ({"x": 3.0, "y": 2.0}, "p multiply x y, s add p x, L square s"),
    "neuron": (
        {"w": 2.0, "x": 0.5, "b": -1.0, "t": 1.0},
        "p multiply w x, a add p b, y sigmoid a, e subtract y t, L square e",
    ),
    "each-rule": (
        {"x": 1.3, "y": 0.7},
        "q divide x y, r exp q, s log r, u relu s, v subtract u y, w divide v x, L half-square w",
    ),
    "same-twice": ({"x": 1.5}, "p multiply x x, L square p"),
    "layers": (
        {
            "x": [[1.0, 2.0], [0.0, 1.0]],
            "V": [[0.5, -1.0], [0.3, 0.8]],
            "b": [0.1, -0.2],
            "W": [[1.0, 0.0, -1.0], [0.5, 1.0, 2.0]],
            "t": T,
        },
        "m matmul x V, a add m b, h relu a, z matmul h W, L softmax-cross-entropy z t",
    ),
    "one-row": (
        {"x": [1.0, -2.0], "W": [[1.0, 0.0, -1.0], [0.5, 1.0, 2.0]], "t": T[0]},
        "z matmul x W, L softmax-cross-entropy z t",
    ),
}


def graph(name: str):
    inputs, nodes = GRAPHS[name]
    made = [Node(n, rule, tuple(of)) for n, rule, *of in map(str.split, nodes.split(", "))]
    return {key: np.array(value, float) for key, value in inputs.items()}, made


@pytest.mark.parametrize("name", GRAPHS)
def test_every_gradient_is_that_of_central_differences(name: str):
    """The quotient's own error is about 1e-9 here."""
    inputs, nodes = graph(name)
    passed = walk(inputs, nodes)
    for key, value in inputs.items():
        for place in np.ndindex(value.shape):
            ends = []
            for by in (1e-5, -1e-5):
                moved = value.copy()
                moved[place] += by
                ends.append(float(walk(inputs | {key: moved}, nodes).values[passed.last]))
            quotient = (ends[0] - ends[1]) / 2e-5
            assert quotient == pytest.approx(float(passed.totals[key][place]), abs=1e-7)


def test_a_branch_is_filled_way_by_way_and_then_summed_up():
    passed = walk(*graph("branch"))
    ways = Part("x", "s"), Part("x", "p"), Part("x")
    assert (Part("s", "L"), Part("p", "s"), *ways) == parts_to_fill(passed, fixed=["y"])
    assert 18 + 36 == passed.gradient(Part("x"))


@pytest.mark.parametrize("name", GRAPHS)
def test_no_gradient_is_asked_before_what_it_is_made_of(name: str):
    passed = walk(*graph(name))
    done = {passed.last}
    for part in parts_to_fill(passed):
        if part.target is not None:
            assert part.target in done
        if part.target is None or len(passed.edges_of(part.source)) == 1:
            done.add(part.source)
    assert done == set(passed.values)


@pytest.mark.parametrize("name", GRAPHS)
def test_no_slip_is_right_and_none_is_there_twice(name: str):
    passed = walk(*graph(name))
    for part in parts_to_fill(passed):
        right, found = passed.gradient(part), [value for _, value in slips(passed, part)]
        assert found
        for place, value in enumerate(found):
            for other in [right, *found[:place]]:
                assert value.shape != other.shape or not np.allclose(value, other, rtol=1e-9)


def test_inputs_are_not_changed():
    inputs, nodes = graph("layers")
    before = {key: value.copy() for key, value in inputs.items()}
    walk(inputs, nodes)
    assert all(np.array_equal(before[key], inputs[key]) for key in inputs)


@pytest.mark.parametrize(
    ("inputs", "nodes", "said"),
    [
        ({"x": -1.0}, "L log x", "L is not a number"),
        ({"x": 1000.0}, "L exp x", "L is not a number, or has no end"),
        ({"x": 1.0, "y": 0.0}, "L divide x y", "L is not a number, or has no end"),
        ({"x": [1.0, 2.0]}, "L square x", "L is no single number"),
        ({"x": [[1.0, 2.0]], "W": [[1.0]]}, "m matmul x W, L square m", "shapes 1×2 and 1×1"),
    ],
)
def test_what_cannot_be_computed_has_a_sentence(inputs, nodes: str, said: str):
    made = [Node(n, rule, tuple(of)) for n, rule, *of in map(str.split, nodes.split(", "))]
    with pytest.raises(TutorError, match=said):
        walk({key: np.array(value, float) for key, value in inputs.items()}, made)


def test_a_lost_sign_is_told_before_a_sum_that_is_the_same_number():
    passed = walk(
        {"y": np.array(0.5), "t": np.array(1.0)},
        [Node("e", "subtract", ("y", "t")), Node("L", "half-square", ("e",))],
    )
    told = {slip: float(value) for slip, value in slips(passed, Part("e", "L"))}
    assert told["sign"] == 0.5
    assert "added" not in told


def test_the_local_derivative_of_a_value_that_stands_twice_is_of_both_places():
    passed = walk(
        {"x": np.array(3.0), "c": np.array(5.0)},
        [Node("q", "multiply", ("x", "x")), Node("L", "multiply", ("q", "c"))],
    )
    told = {slip: float(value) for slip, value in slips(passed, Part("x", "q"))}
    assert told["no-upstream"] == 6.0
    assert "other-factor" not in told
