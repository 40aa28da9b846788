"""Progress, people and agreement from what is kept are those of the rows, whatever happened."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.models import Label, LabellingPlan
from annotations.models.label import Answer
from annotations.services import pace, tallies
from annotations.services.agreement_report import agreement_report
from annotations.services.answers.batches import record_answers
from annotations.services.answers.given import Given
from annotations.services.answers.labels import label_patches
from annotations.services.carried import carried
from annotations.services.people import people_of
from annotations.services.progress import dataset_progress
from tests.annotations.services.kept import plain
from tests.annotations.services.kept.conftest import Team
from tests.factories import make_image, make_member, make_structure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

Steps = list[Callable[[], None]]


def _people(team: Team) -> list[Any]:
    shown = people_of(by=team.dataset.created_by, dataset=team.dataset)
    return [
        (one.name, one.answers, one.today, one.seconds_per_answer, one.first_at, one.last_at)
        for one in shown
    ]


def _agreement(team: Team, number: int) -> dict[str, Any]:
    structure = team.structures[number]
    by = team.dataset.created_by
    return agreement_report(by=by, dataset=team.dataset, structure=structure).as_dict()


def test_progress_is_right_after_every_step(team: Team, steps: Steps) -> None:
    for step in [lambda: None, *steps]:
        step()
        for user in team.people:
            assert dataset_progress(dataset=team.dataset, user=user) == plain.progress(
                team.dataset, user
            )


def test_people_are_right_after_every_step(team: Team, steps: Steps) -> None:
    for step in [lambda: None, *steps]:
        step()
        assert _people(team) == plain.people(team.dataset)
    assert any(answers > 0 for _, answers, *_ in _people(team))


def test_agreement_is_right_after_every_step(team: Team, steps: Steps) -> None:
    for step in [lambda: None, *steps]:
        step()
        for number, structure in enumerate(team.structures):
            _same(_agreement(team, number), plain.agreement(team.dataset, structure))
    report = _agreement(team, 0)
    assert len(report["weeks"]) > 1
    assert all(person["reliability"] for person in report["people"])
    assert report["people"][0]["with_known"] is not None


def test_what_is_read_anew_is_what_was_followed(team: Team, steps: Steps) -> None:
    """Another process that comes later says the same."""
    for step in steps:
        step()
        people, first, second = _people(team), _agreement(team, 0), _agreement(team, 1)
    tallies._kept.clear()
    pace._kept.clear()
    assert _people(team) == people
    _same(_agreement(team, 0), first)
    _same(_agreement(team, 1), second)


def test_an_answer_that_is_repeated_counts_as_of_today(team: Team) -> None:
    """It is no change, so the history has nothing of it."""
    team.work(10, who=1)
    (before,) = _people(team)
    oldest = Label.objects.order_by("updated_at")[0]
    (image,) = [image for image in team.images if image.pk == oldest.image_id]
    structure = next(one for one in team.structures if one.pk == oldest.structure_id)
    label_patches(
        by=team.people[0],
        image=image,
        structure=structure,
        cells=[(oldest.row, oldest.column)],
        value=Answer(oldest.value),
    )
    (after,) = _people(team)
    assert (before[2], after[2]) == (0, 1)
    assert after[:2] == before[:2]
    assert after[4] > before[4], "it is not the first one any more"
    assert _people(team) == plain.people(team.dataset)


def test_an_answer_that_is_changed_and_repeated_at_once_counts_as_of_the_last_time(
    team: Team,
) -> None:
    """As a browser sends it that was without a connection since yesterday."""
    team.work(10, who=1)
    (before,) = _people(team)
    old = Label.objects.order_by("updated_at")[0]
    other = "no" if old.value == "yes" else "yes"
    patch = old.image_id, old.structure_id, old.row, old.column
    times = team.now - timedelta(days=1), team.now
    given = [Given(*patch, other, at=at) for at in times]
    record_answers(by=old.annotator, dataset=team.dataset, answers=given)
    (after,) = _people(team)
    assert (before[2], after[2]) == (0, 1)
    assert _people(team) == plain.people(team.dataset)


def test_an_image_that_goes_takes_its_answers_with_it(team: Team) -> None:
    team.work(40)
    assert _people(team) == plain.people(team.dataset)
    team.images.pop().delete()
    assert _people(team) == plain.people(team.dataset)
    make_image(dataset=team.dataset, name="0.tif", height=64, width=64)
    _same(_agreement(team, 0), plain.agreement(team.dataset, team.structures[0]))
    for user in team.people:
        assert dataset_progress(dataset=team.dataset, user=user) == plain.progress(
            team.dataset, user
        )


def test_of_an_image_that_arrives_its_own_answers_are_read_and_no_others(team: Team) -> None:
    team.work(60)
    before = _counts(team, 0)
    # Behind the back of all: only who reads them anew can know.
    Label.objects.update(value=Answer.UNSURE)
    team.upload()
    known = _counts(team, 0)
    arrived = Label.objects.filter(structure=team.structures[0], image__in=team.images[-2:])
    for value in ("yes", "no", "unsure"):
        assert known[value] == before[value] + arrived.filter(value=value).count()


def _counts(team: Team, number: int) -> dict[str, int]:
    found: Any = dataset_progress(dataset=team.dataset, user=team.people[0])
    return dict(found["structures"][number])


@pytest.mark.parametrize("gone", [False, True])
def test_after_images_arrived_all_is_as_another_process_reads_it(team: Team, gone: bool) -> None:
    """Also where one goes at the same time."""
    team.work(120)
    before = _kept_of(team)
    if gone:
        team.images.pop(0).delete()
    team.upload()
    here = _kept_of(team)
    assert here != before
    tallies._kept.clear()
    assert _kept_of(team) == here


def _kept_of(team: Team) -> dict[str, Any]:
    """Answers, how many they are, when they were given and how many are wanted."""
    plan = LabellingPlan(dataset=team.dataset, answers_wanted=2, shared_fraction=0.5)
    structures = [structure.pk for structure in team.structures]
    with tallies.tallies_of(dataset=team.dataset, structures=structures, timed=True) as found:
        tally = found[structures[0]]
        assert tally.diaries is not None
        return {
            "images": tally.layout.images.tolist(),
            "codes": {person: codes.tolist() for person, codes in tally.sheet.codes.items()},
            "counts": tally.counts.tolist(),
            "wanted": tally.wanted(plan).tolist(),
            "times": {
                person: (diary.positions.tolist(), diary.at.tolist())
                for person, diary in tally.diaries.of.items()
            },
        }


def test_answers_to_a_new_image_are_known_though_the_history_was_read_without_it(
    team: Team,
) -> None:
    """By somebody who began before the image came, and looked at the history after it."""
    team.work(60)
    _kept_of(team)
    structures = {one.pk: one for one in team.structures}
    before = {
        key: tallies.found_tally(dataset=team.dataset, structure=one)
        for key, one in structures.items()
    }
    team.upload()
    tallies._follow(team.dataset, before)
    here = _kept_of(team)
    tallies._kept.clear()
    assert _kept_of(team) == here


def test_what_is_settled_stays_so_when_images_arrive(team: Team) -> None:
    for _ in range(4):
        team.work(200)
    with tallies.tally_of(dataset=team.dataset, structure=team.structures[0]) as tally:
        settled, old = tally.settled(0.9).copy(), tally.layout
    assert 0 < np.count_nonzero(settled) < settled.size
    make_image(dataset=team.dataset, name="0.tif", height=192, width=224)
    with tallies.tally_of(dataset=team.dataset, structure=team.structures[0]) as tally:
        expected = carried(settled, old, tally.layout, missing=False)
        assert tally.settled(0.9).tolist() == expected.tolist()
        assert tally.opinion.estimates == 1


def test_queries_grow_neither_with_answers_nor_people_nor_structures(team: Team) -> None:
    """Neither the first time nor later."""
    counted = []
    for more in range(2):
        for _ in range(5 * more):
            team.structures.append(make_structure(project=team.dataset.project))
            team.people.append(make_member(project=team.dataset.project).user)
            team.images.append(make_image(dataset=team.dataset, height=192, width=224))
        team.work(10 + 60 * more, who=4 + 5 * more)
        tallies._kept.clear()
        pace._kept.clear()
        counted.append([_queries(team), _queries(team)])
    assert counted[0] == counted[1]


def _queries(team: Team) -> list[int]:
    counts = []
    for ask in (
        lambda: dataset_progress(dataset=team.dataset, user=team.people[0]),
        lambda: _people(team),
        lambda: _agreement(team, 0),
    ):
        with CaptureQueriesContext(connection) as asked:
            ask()
        counts.append(len(asked))
    return counts


def _same(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Sums may be added up in another order."""
    assert one == _near(other)


def _near(value: Any) -> Any:
    if isinstance(value, float):
        return pytest.approx(value, abs=1e-9)
    if isinstance(value, dict):
        return {name: _near(one) for name, one in value.items()}
    return [_near(one) for one in value] if isinstance(value, list) else value
