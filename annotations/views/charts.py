"""Small line charts of agreement, as numbers that a template draws as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 240, 84
LEFT, RIGHT, TOP, BOTTOM = 26, 8, 8, 18

Value = float | None


@dataclass(frozen=True)
class Point:
    """One value on the drawing, in its units."""

    x: float
    y: float
    start: date
    value: float


@dataclass(frozen=True)
class Tick:
    y: float
    text: str


@dataclass(frozen=True)
class Chart:
    """A line through the values that are known, broken where one is not.

    Attributes:
        lines: the `points` attributes of polylines, one for each unbroken part.
        said: the chart in one sentence, for those who do not see it.
    """

    name: str
    lines: list[str]
    points: list[Point]
    ticks: list[Tick]
    said: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


def chart_of(name: str, starts: Sequence[date], values: Sequence[Value]) -> Chart:
    """Values by week; the axis goes from 0 to 1, or from -1 where a value is below 0."""
    known = [value for value in values if value is not None]
    low = -1 if any(value < 0 for value in known) else 0
    points = [
        None if value is None else Point(_x(start, starts), _y(value, low), start, value)
        for start, value in zip(starts, values, strict=True)
    ]
    marks = sorted({low, 0, 1})
    return Chart(
        name=name,
        lines=_lines(points),
        points=[point for point in points if point],
        ticks=[Tick(_y(mark, low), str(mark)) for mark in marks],
        said=_said(name, [point for point in points if point]),
    )


def _x(start: date, starts: Sequence[date]) -> float:
    first, last = starts[0], starts[-1]
    span = (last - first).days
    part = (start - first).days / span if span else 0.5
    return round(LEFT + part * (WIDTH - LEFT - RIGHT), 1)


def _y(value: float, low: float) -> float:
    return round(TOP + (1 - value) / (1 - low) * (HEIGHT - TOP - BOTTOM), 1)


def _lines(points: Sequence[Point | None]) -> list[str]:
    """Neighbours that are both known are joined; a point alone needs no line."""
    parts: list[list[Point]] = [[]]
    for point in points:
        if point:
            parts[-1].append(point)
        elif parts[-1]:
            parts.append([])
    return [" ".join(f"{one.x},{one.y}" for one in part) for part in parts if len(part) > 1]


def _said(name: str, points: Sequence[Point]) -> str:
    if not points:
        return f"{name}: too few answers to tell."
    first, last = points[0], points[-1]
    told = f"{name}: {first.value:.2f} in the week from {first.start:%-d %B %Y}"
    if last is first:
        return f"{told}."
    return f"{told}, {last.value:.2f} in the week from {last.start:%-d %B %Y}."
