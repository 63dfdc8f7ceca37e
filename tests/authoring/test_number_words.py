"""The same number is found in digits and in words, in both languages."""

import pytest

from tutor.authoring.rules.number_words import numbers_in


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("20 steps", "二十步"),
        ("the sixth minute", "第 6 分钟"),
        ("half of it", "一半"),
        ("a tenth", "1/10"),
        ("four fifths", "4/5"),
        ("10,000 weights", "1 万个权重"),
        ("1e-3 off", "差 1e−3"),
        ("2.5 km", "２．５ 千米"),
        ("10⁻⁸", "10⁻⁸"),
        ("23 steps", "二十三步"),
        ("3000 steps", "三千步"),
        ("twice as far", "远了 2 倍"),
    ],
)
def test_a_number_is_the_same_in_both(english: str, chinese: str):
    one, other = numbers_in(english), numbers_in(chinese)
    assert set() == (one.digits - other.all) | (other.digits - one.all)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [("20 steps", "30 步"), ("1e-3", "1e-4"), ("0.2", "0.02"), ("twelve", "13"), ("12", "十三")],
)
def test_another_number_is_another(english: str, chinese: str):
    one, other = numbers_in(english), numbers_in(chinese)
    assert set() != (one.digits - other.all) | (other.digits - one.all)


def test_a_digit_inside_a_name_is_no_number():
    assert frozenset() == numbers_in("float32, x0 and w12").digits
