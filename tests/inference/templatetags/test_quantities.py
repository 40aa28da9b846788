import pytest

from inference.templatetags.quantities import coefficient, percent, quantity, whole


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0, "0 %"),
        (0.0000001, "< 0.1 %"),
        (0.0123, "1.2 %"),
        (0.5, "50 %"),
        (0.99999, "> 99.9 %"),
        (1, "100 %"),
    ],
)
def test_a_share_is_never_rounded_to_nothing_or_to_all(share: float, written: str) -> None:
    assert percent(share) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"),
        (0, "0"),
        (0.0123456, "0.01235"),
        (1.23456, "1.235"),
        (123.456, "123.5"),
        (1234567.8, "1\u202f234\u202f568"),
    ],
)
def test_a_quantity_has_four_digits_that_count(value: float | None, written: str) -> None:
    assert quantity(value) == written


def test_thousands_stand_apart() -> None:
    assert [whole(0), whole(999), whole(1234567)] == ["0", "999", "1\u202f234\u202f567"]


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, "–"), (1, "1.00"), (0.555, "0.56"), (-0.104, "−0.10"), (-0.001, "0.00")],
)
def test_an_agreement_below_chance_has_a_minus_sign(value: float | None, written: str) -> None:
    assert coefficient(value) == written
