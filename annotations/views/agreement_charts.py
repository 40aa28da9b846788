"""Agreement over the weeks: of all together, and of each pair of people."""

from dataclasses import dataclass
from datetime import date

from annotations.services.agreement_report import AgreementReport, Week
from annotations.views.charts import Chart, Value, chart_of

# More would be read by nobody; the pairs with the most patches in common come first.
MOST_PAIRS = 12


@dataclass(frozen=True)
class WeekRow:
    """A week as the table beneath the charts has it."""

    start: date
    patches: int
    values: list[Value]


@dataclass(frozen=True)
class OverTime:
    """Charts from the second week on, since one point shows no course; the table always."""

    names: list[str]
    charts: list[Chart]
    rows: list[WeekRow]
    left_out: int


def over_time(report: AgreementReport) -> OverTime:
    names = {person.id: person.name for person in report.people}
    pairs = sorted(report.pairs, key=lambda pair: -pair.patches)
    shown = [(pair.first, pair.second) for pair in pairs[:MOST_PAIRS]]
    columns: list[tuple[str, list[Value]]] = [("All", [week.alpha for week in report.weeks])]
    for first, second in shown:
        values = [_kappa(week, first, second) for week in report.weeks]
        columns.append((f"{names[first]} and {names[second]}", values))
    starts = [week.start for week in report.weeks]
    course = columns if len(starts) > 1 else []
    return OverTime(
        names=[name for name, _ in columns],
        charts=[chart_of(name, starts, values) for name, values in course],
        rows=[
            WeekRow(week.start, week.patches, [values[number] for _, values in columns])
            for number, week in enumerate(report.weeks)
        ],
        left_out=len(pairs) - len(shown),
    )


def _kappa(week: Week, first: int, second: int) -> Value:
    found = (pair for pair in week.pairs if (pair.first, pair.second) == (first, second))
    pair = next(found, None)
    return pair.kappa if pair else None
