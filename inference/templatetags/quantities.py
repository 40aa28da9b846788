"""How figures are written on the pages."""

from math import floor, log10

from django import template

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """A share of 0 to 1 in percent, which never rounds something to nothing."""
    value = share * 100
    if 0 < value < 0.1:
        return "< 0.1 %"
    if 99.9 < value < 100:
        return "> 99.9 %"
    return f"{value:.1f} %" if 0 < value < 10 else f"{value:.0f} %"


@register.filter
def whole(value: int) -> str:
    """A whole number, its thousands apart as the scripts of the pages write them."""
    return _apart(f"{value:,}")


@register.filter
def quantity(value: float | None) -> str:
    """Four significant digits, or a dash where there is no figure."""
    if value is None:
        return "–"
    if value == 0:
        return "0"
    decimals = max(0, 3 - floor(log10(abs(value))))
    return _apart(f"{value:,.{decimals}f}")


@register.filter
def coefficient(value: float | None) -> str:
    """An agreement of -1 to 1 with a minus sign, or a dash where there is no figure."""
    if value is None:
        return "–"
    # Added to nothing, so that none is written as less than nothing.
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "\N{MINUS SIGN}")


def _apart(figure: str) -> str:
    return figure.replace(",", "\u202f")
