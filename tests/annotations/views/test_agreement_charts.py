"""Agreement over the weeks, as the page of the team draws it."""

from datetime import date

from annotations.services.agreement_report import AgreementReport, Pair, PersonAgreement, Week
from annotations.views.agreement_charts import over_time


def person(number: int, name: str) -> PersonAgreement:
    return PersonAgreement(
        id=number,
        name=name,
        answers=2,
        yes=1,
        no=1,
        unsure=0,
        reliability=None,
        with_others=None,
        with_known=None,
        with_self=None,
        repeats=0,
    )


def report(*starts: date) -> AgreementReport:
    pair = Pair(first=1, second=2, patches=2, same=1.0, kappa=0.5)
    return AgreementReport(
        patches=2,
        shared=2,
        disagreeing=0,
        alpha=0.5,
        fleiss=0.5,
        raters=2,
        pairs=[pair],
        people=[person(1, "bob"), person(2, "carol")],
        weeks=[Week(start, 2, 0.25, [pair]) for start in starts],
    )


def test_one_week_has_a_row_and_no_chart() -> None:
    told = over_time(report(date(2026, 11, 16)))
    assert told.charts == []
    assert told.names == ["All", "bob and carol"]
    assert [(row.patches, row.values) for row in told.rows] == [(2, [0.25, 0.5])]


def test_two_weeks_have_a_chart_for_all_and_one_for_each_pair() -> None:
    told = over_time(report(date(2026, 11, 9), date(2026, 11, 16)))
    assert [chart.name for chart in told.charts] == ["All", "bob and carol"]
    assert [len(chart.points) for chart in told.charts] == [2, 2]
