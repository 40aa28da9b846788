"""Answers over a network that cuts connections: in the middle of sending, and before it is told."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from pytest_django.live_server_helper import LiveServer
from rest_framework.authtoken.models import Token

from annotations.models import Dataset, Label, LabelChange, Structure
from tests.benchmarks.labelling_people import Diary, Person, Task
from tests.factories import make_dataset, make_image, make_member, make_structure
from tests.support.cutting import CuttingProxy, cutting

CUTS = 12
PATCHES = 3 * 120

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dataset() -> Dataset:
    """As many patches as three people answer: 20 x 18."""
    dataset = make_dataset(patch_size=32)
    make_image(dataset=dataset, height=20 * 32, width=18 * 32)
    return dataset


@pytest.fixture
def structure(dataset: Dataset) -> Structure:
    return make_structure(project=dataset.project)


def _answer_all(person: Person) -> Diary:
    """Ask and answer until nothing is left to be had."""
    while cells := person.ask():
        for start in range(0, len(cells), person.task.batch):
            person.answer(cells[start : start + person.task.batch])
    return person.diary


def _through(proxy: CuttingProxy, dataset: Dataset, structure: Structure) -> list[Diary]:
    """Three people at once, who send again what is not acknowledged."""
    task = Task(proxy.port, dataset.pk, structure.pk, 60, 0, count=24, batch=12, patient=True)
    users = [make_member(project=dataset.project).user for _ in range(3)]
    people = [Person(task, str(Token.objects.create(user=user).key)) for user in users]
    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(_answer_all, people, timeout=120))


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_acknowledged_is_there_once_whenever_the_connection_is_cut(
    live_server: LiveServer, dataset: Dataset, structure: Structure, seed: int
) -> None:
    with cutting(urlsplit(live_server.url).port or 80, cuts=CUTS, seed=seed) as proxy:
        diaries = _through(proxy, dataset, structure)
    assert proxy.cut_there
    assert proxy.cut_back
    assert proxy.cut_there + proxy.cut_back == CUTS
    told = [event for diary in diaries for event in diary.acknowledged]
    kept = Counter(map(str, LabelChange.objects.values_list("event", flat=True)))
    assert kept == Counter(told)
    assert Label.objects.count() == len(told)
    handed = [cell for diary in diaries for cell in set(diary.handed)]
    assert len(handed) == len(set(handed))
