from datetime import date

from annotations.views.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, chart_of

WEEKS = [date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 23)]


def test_values_lie_where_their_week_and_size_say() -> None:
    chart = chart_of("All", WEEKS, [0, 1, 0.5])
    assert [point.x for point in chart.points] == [
        LEFT,
        round(LEFT + (WIDTH - LEFT - RIGHT) / 3, 1),
        WIDTH - RIGHT,
    ]
    middle = (TOP + HEIGHT - BOTTOM) / 2
    assert [point.y for point in chart.points] == [HEIGHT - BOTTOM, TOP, middle]
    assert [tick.text for tick in chart.ticks] == ["0", "1"]
    assert len(chart.lines) == 1


def test_a_week_without_a_value_breaks_the_line() -> None:
    chart = chart_of("All", WEEKS, [0.4, None, 0.6])
    assert (len(chart.points), chart.lines) == (2, [])


def test_what_is_worse_than_chance_has_room_below_nought() -> None:
    chart = chart_of("All", WEEKS, [-0.5, 0.2, 1])
    assert [tick.text for tick in chart.ticks] == ["-1", "0", "1"]
    assert max(point.y for point in chart.points) < HEIGHT - BOTTOM


def test_a_chart_is_told_in_a_sentence() -> None:
    chart = chart_of("bob and carol", WEEKS, [None, 0.25, 0.75])
    assert chart.said == (
        "bob and carol: 0.25 in the week from 9 March 2026, 0.75 in the week from 23 March 2026."
    )
    assert chart_of("All", WEEKS[:1], [0.5]).said == "All: 0.50 in the week from 2 March 2026."
    assert chart_of("All", WEEKS, [None] * 3).said == "All: too few answers to tell."
