"""The yardstick itself: half a unit of the last printed digit, no more."""

from tests.core.printed import agrees, all_agree


def test_a_figure_agrees_within_half_a_unit_of_its_last_digit():
    assert agrees("0.92807", 0.928074)
    assert not agrees("0.92807", 0.928076)
    assert agrees("-6.11110793e-10", -6.111107926e-10)
    assert not agrees("-6.11110793e-10", 0.0)


def test_nan_agrees_with_nothing():
    assert not agrees("0", float("nan"))


def test_rows_are_compared_figure_by_figure():
    assert all_agree("1.5 2", [[1.5], [2.4]])
    assert not all_agree("1.5 2", [[1.5], [2.6]])
