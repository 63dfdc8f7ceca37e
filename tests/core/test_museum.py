"""The bug museum: every fault can be run, shows its numbers, and its mend works."""

import pytest

from tutor.core import MUSEUM, exhibit
from tutor.errors import TutorError

SEEN = {
    "precedence": ("9.999999999976694e-08", "[-2.9999994  3.9999992]"),
    "spaced-exponent": ("SyntaxError: invalid decimal literal",),
    "vanishing-h": ("0.0", "0.1"),
    "pseudo-parameter": ("[[0. 0. 0.]\n [0. 0. 0.]]",),
    "lying-comment": ("0.0001 False",),
    "undefined-name": ("NameError: name 'function_tmp2' is not defined",),
    "lost-point": ("False",),
    "other-powers-of-ten": ("0.001 False",),
    "integer-point": ("[25000 35000]",),
    "one-index-for-two": (
        "[1.00005 2.00005 3.00005]",
        "IndexError: index 2 is out of bounds for axis 0 with size 2",
    ),
    "moving-start": ("[-6.11110793e-10  8.14814391e-10]",),
    "history-of-one": ("[[-1.536, 2.048], [-1.536, 2.048], [-1.536, 2.048]]",),
    "arrows-of-minus-gradient": ("[-6. -8.] False",),
    "unshifted-softmax": ("[nan nan nan]",),
    "lost-minus": ("10.0", "100000075.0"),
    "float32-h": ("0.0", "nan"),
    "divided-by-h": ("20.0",),
    "one-h-back": ("[3. 4.]",),
    "uphill-step": ("[-115.013  153.35 ] 36744.289",),
    "rate-forgotten": ("[-3.  4.]",),
    "weights-replaced": ("2.383",),
}
MENDED = {
    "precedence": ("9.999999999976694", "[-6.11110793e-10  8.14814391e-10]"),
    "spaced-exponent": ("0.0001",),
    "vanishing-h": ("0.20000099999917254", "0.100001"),
    "pseudo-parameter": (
        "[[ 0.21924763  0.14356247 -0.36281009]\n [ 0.32887144  0.2153437  -0.54421514]]",
    ),
    "lying-comment": ("0.001 True",),
    "def-function": ("25.0",),
    "undefined-name": ("25.0",),
    "lost-point": ("True",),
    "other-powers-of-ten": ("0.0001 True",),
    "integer-point": ("[6. 8.]",),
    "one-index-for-two": ("[2. 4. 6.]", "[[2. 2. 2.]\n [2. 2. 2.]]"),
    "moving-start": ("[-3.  4.]",),
    "history-of-one": ("[[-3.0, 4.0], [-2.4, 3.2], [-1.92, 2.56]]",),
    "arrows-of-minus-gradient": ("[6. 8.] True",),
    "unshifted-softmax": ("[9.99954600e-01 4.53978686e-05 2.06106005e-09]",),
    "lost-minus": ("9.999999999976694", "75.00000000980833"),
    "float32-h": ("0.0", "6.00996"),
    "divided-by-h": ("10.0",),
    "one-h-back": ("[6. 8.]",),
    "uphill-step": ("[-0.035  0.046] 0.003",),
    "rate-forgotten": ("[-0.035  0.046]",),
    "weights-replaced": ("0.06",),
}


@pytest.mark.parametrize("name", SEEN)
def test_the_fault_shows_what_it_showed(name):
    assert SEEN[name] == exhibit(name).show()


@pytest.mark.parametrize("name", MENDED)
def test_the_mend_works(name):
    assert MENDED[name] == exhibit(name).show_mended()
    assert MENDED[name] != exhibit(name).show()


def test_a_word_too_many_after_def_is_a_syntax_error():
    (line,) = exhibit("def-function").show()
    assert line.startswith("SyntaxError: ")


def test_a_mend_changes_one_line_alone():
    for each in MUSEUM.values():
        pairs = zip(each.fault.splitlines(), each.mend.splitlines(), strict=True)
        changed = [number for number, (one, other) in enumerate(pairs, 1) if one != other]
        assert [each.fault_line] == changed


def test_every_exhibit_is_tested_and_says_what_is_wrong():
    assert list(MUSEUM) == list(MENDED)
    assert {*SEEN, "def-function"} == set(MUSEUM)
    assert all(len(str(each.lesson)) > 20 for each in MUSEUM.values())
    assert all(name == each.name for name, each in MUSEUM.items())


def test_an_unknown_exhibit_is_answered_with_the_known_ones():
    with pytest.raises(TutorError, match="the museum has no “dodo”; it has precedence, "):
        exhibit("dodo")
