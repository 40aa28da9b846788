"""By which rule answers become one."""

from typing import Any

import pytest

from annotations.errors import Rejected
from annotations.models import Dataset, Decision, Image, Label, Project, Structure, User
from annotations.services import reviews
from annotations.services.consensus import consensus
from tests.annotations.services.team.people import NO, UNSURE, YES, Say, cells

pytestmark = pytest.mark.django_db


def _agreed(structure: Structure, rule: str, least: float = 0.9) -> dict[int, bool]:
    """By column, of the first row."""
    Project.objects.update(consensus=rule, consensus_probability=least)
    dataset = Dataset.objects.get(project=structure.project)
    found = consensus(dataset=dataset, structures=[structure.pk])
    return {answer.column: answer.present for answer in found if answer.row == 0}


def test_each_rule_decides_what_it_can(structure: Structure, say: Say) -> None:
    say(0, YES, YES, NO)
    say(1, YES, YES, UNSURE)
    say(2, YES, NO)
    say(3, NO)
    say(4, UNSURE)
    assert _agreed(structure, "majority") == {0: True, 1: True, 3: False}
    assert _agreed(structure, "unanimous") == {1: True, 3: False}
    assert _agreed(structure, "manager") == {}


def test_while_little_is_known_of_people_the_posterior_takes_them_alike(
    structure: Structure, say: Say
) -> None:
    say(0, YES, YES, NO)
    say(1, YES, YES)
    say(2, NO)
    say(3, YES, NO)
    say(4, UNSURE)
    assert _agreed(structure, "posterior", 0.9) == {0: True, 1: True, 2: False}
    # One answer is right 95 times of 100, two are 99.7.
    assert _agreed(structure, "posterior", 0.97) == {1: True}


def test_the_posterior_believes_those_who_are_right(structure: Structure, say: Say) -> None:
    """Two agree on 80 patches; the third answers by lot, and is outvoted by one of them alone."""
    for number in range(80):
        row, column = divmod(number + 10, 10)
        truth = YES if number % 2 else NO
        say(column, truth, truth, YES if number % 4 < 2 else NO, row=row)
    say(0, YES, None, NO)
    say(1, None, None, YES)
    assert _agreed(structure, "posterior", 0.9) == {0: True}


def test_a_decision_outweighs_the_answers_and_changes_none(
    image: Image, structure: Structure, manager: User, say: Say
) -> None:
    say(0, YES, YES, NO)
    say(1, YES, NO)
    say(2, YES)
    before = list(Label.objects.order_by("pk").values_list("value", flat=True))
    first, second, third, empty = cells(image, 0, 1, 2, 5)
    where: dict[str, Any] = {"by": manager, "dataset": image.dataset, "structure": structure}
    decided = [(first, NO), (second, YES), (third, UNSURE), (empty, NO)]
    assert reviews.decide(**where, decided=decided) == 4
    for rule in ("majority", "manager", "unanimous"):
        assert _agreed(structure, rule) == {0: False, 1: True, 5: False}
    assert list(Label.objects.order_by("pk").values_list("value", flat=True)) == before
    assert reviews.decide(**where, decided=[(first, YES)]) == 1
    assert Decision.objects.get(column=0).value == "yes"
    assert reviews.undecide(**where, cells=[first, third, empty]) == 3
    assert _agreed(structure, "majority") == {0: True, 1: True, 2: True}


def test_decisions_about_what_there_is_not_are_refused_whole(
    image: Image, structure: Structure, manager: User
) -> None:
    decided = [((image.pk, 0, 0), NO), ((image.pk, 10, 0), NO)]
    with pytest.raises(Rejected, match="10 rows"):
        reviews.decide(by=manager, dataset=image.dataset, structure=structure, decided=decided)
    assert not Decision.objects.exists()
