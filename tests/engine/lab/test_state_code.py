"""A state code brings everything back, and says what is wrong with a damaged one."""

from contextlib import suppress

import pytest
from hypothesis import assume, given, strategies as st

from tests.engine.descent.cases import ALL_PRESETS, labs, setup_on
from tests.examples import examples
from tutor.engine.descent.setup import Setup
from tutor.engine.lab.lab import Lab
from tutor.engine.lab.state_code import decode, encode
from tutor.errors import TutorError

CODE = encode(Setup())


def refusal(code):
    with pytest.raises(TutorError) as caught:
        decode(code)
    return str(caught.value)


@examples(150)
@given(labs())
def test_every_lab_comes_back_as_it_was(lab):
    """Objective, start, rule, branches, ghosts, the run beside, step, views and cursor."""
    assert lab == decode(encode(lab))


def test_the_first_version_reads_for_ever():
    """Codes that people have written down: the defaults are part of the version."""
    assert "nabla1:o=sphere/x=-3,4/lr=0.1/n=100:k2sf261" == CODE
    assert Lab() == decode("nabla1:o=sphere/x=-3,4/lr=0.1/n=100:k2sf261")


@pytest.mark.parametrize("setup", ALL_PRESETS)
def test_a_plain_setup_is_short_enough_to_type(setup):
    assert 120 > len(encode(setup))


@examples(60)
@given(labs())
def test_a_code_has_no_character_that_a_shell_or_a_chat_changes(lab):
    assert set() == set(encode(lab)) - set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:=/,+-.%"
    )


@pytest.mark.parametrize(
    "wrapped", [f"  {CODE}\n", f"`{CODE}`", CODE.replace("/", "/\n  "), f"'{CODE}'"]
)
def test_what_pasting_adds_around_a_code_does_not_matter(wrapped):
    assert Lab() == decode(wrapped)


@pytest.mark.parametrize("length", range(len("nabla1:") + 1, len(CODE)))
def test_a_code_cut_short_says_so(length):
    assert "cut short" in refusal(CODE[:length])


@examples(200)
@given(st.integers(7, len(CODE) - 1), st.sampled_from("0123456789abcxyz=/.-"))
def test_one_wrong_character_is_noticed(place, character):
    altered = CODE[:place] + character + CODE[place + 1 :]
    assume(altered != CODE)
    assert refusal(altered)


def test_an_altered_number_says_that_the_code_was_altered():
    assert "altered" in refusal(CODE.replace("0.1", "0.2"))


def test_a_later_version_asks_for_an_update():
    assert "version 2" in refusal(CODE.replace("nabla1", "nabla2"))
    assert "update" in refusal(CODE.replace("nabla1", "nabla2"))


@pytest.mark.parametrize("text", ["", "hello", "nabla", "1:o=sphere", "\x00", "o=sphere:abc"])
def test_what_is_no_code_says_how_one_begins(text):
    assert "nabla1:" in refusal(text)


def signed(payload):
    """Return a code of this version whose checksum is right."""
    from tutor.engine.lab.state_code import _checksum

    return f"nabla1:{payload}:{_checksum(payload)}"


@pytest.mark.parametrize(
    "payload",
    [
        "", "q=1", "o=sphere/x=-3,4/n=ten", "o=sphere/x=1/n=10", "o=nowhere/x=1,2",
        "o=sphere/x=-3,4/n=10+z/step=1", "o=sphere/x=-3,4/n=10+v/view=moon", "f=%ff/x=1/n=2",
        "o=sphere/x=-3,4/op=magic/n=10", "o=sphere/x=nan,4/n=10", "o=sphere/x=-3,4/n=2000000",
        "o=sphere/x=-3,4/n=9/k=9/lr=1", "f=__import__/x=1/n=2", "o=sphere/x=-3,4/lr=inf/n=10",
        "o=sphere/x=-3,4/n=" + "9" * 5000, "o=sphere/x=-3,4/n=10+v/at=1", "b/+g/",
        "o=sphere/x=-3,4/w=1,2,3/n=10",
    ],
)  # fmt: skip
def test_a_rightly_signed_code_with_nonsense_in_it_is_refused(payload):
    """Whoever computes the checksum still gets a sentence."""
    assert refusal(signed(payload))


@examples(200)
@given(st.text(max_size=80))
def test_no_text_raises_anything_but_a_sentence(text):
    for code in (text, "nabla1:" + text, signed("".join(text.split()))):
        with suppress(TutorError):
            assert isinstance(decode(code), Lab)


def test_a_formula_keeps_its_spaces_and_signs():
    setup = Setup(objective="", formula="x0 ** 2 + sin(x1)*3", start=(1.0, 2.0))
    assert setup == decode(encode(setup)).setup
    assert setup_on("sphere") == decode(encode(setup_on("sphere"))).setup
