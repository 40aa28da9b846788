"""Guesses from the answers alone: made by a worker, asked for by those who want to be asked."""

from pathlib import Path

import numpy as np
import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from annotations.jobs.guessing import renew_guesses
from annotations.models import Dataset, Image, PatchGuesses, Structure, User
from annotations.services import guessing
from annotations.services.answers.batches import record_answers
from annotations.services.answers.given import Given
from annotations.services.grids import change_grid
from annotations.services.handing_out import hand_out
from annotations.services.left_out import leave_out
from annotations.services.patch_choice import Order
from annotations.services.patches.listing import list_patches
from annotations.services.patches.query import PatchQuery
from annotations.services.scores import STORED_TURNS, decoded, keep_scores
from tests.factories import make_dataset, make_image, make_structure

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(data_root: Path) -> Path:
    """The folder of all files."""
    guessing._asked.clear()
    return data_root / "files"


@pytest.fixture
def image() -> Image:
    """4 rows and 6 columns of patches; a disc lies on the four in the middle."""
    return make_image(dataset=make_dataset(patch_size=16), store=True)


@pytest.fixture
def structure(image: Image) -> Structure:
    return make_structure(project=image.dataset.project)


@pytest.fixture
def alice(image: Image) -> User:
    return image.dataset.created_by


def _answer(
    by: User, image: Image, structure: Structure, cells: list[tuple[int, int]], value: str
) -> None:
    answers = [Given(image.pk, structure.pk, row, column, value) for row, column in cells]
    record_answers(by=by, dataset=image.dataset, answers=answers)


def _guesses(image: Image, structure: Structure) -> np.ndarray:
    row = PatchGuesses.objects.get(image=image, structure=structure)
    return decoded(row.scores, row.rows, row.columns)


def test_a_few_answers_tell_the_disc_from_the_rest(
    image: Image, structure: Structure, alice: User
) -> None:
    _answer(alice, image, structure, [(1, 2), (2, 3)], "yes")
    _answer(alice, image, structure, [(0, 0), (0, 5), (3, 1)], "no")
    renew_guesses(image.dataset_id, structure.pk)
    found = _guesses(image, structure)
    assert found.shape == (4, 6)
    disc = np.zeros((4, 6), dtype=bool)
    disc[1:3, 2:4] = True
    assert found[disc].min() > 0.5 > found[~disc].max()


def test_the_second_delivery_is_in_vain_and_a_cleared_answer_counts_no_more(
    image: Image, structure: Structure, alice: User
) -> None:
    _answer(alice, image, structure, [(1, 2)], "yes")
    renew_guesses(image.dataset_id, structure.pk)
    first = PatchGuesses.objects.get()
    renew_guesses(image.dataset_id, structure.pk)
    assert PatchGuesses.objects.get().pk == first.pk
    _answer(alice, image, structure, [(1, 2)], "")
    renew_guesses(image.dataset_id, structure.pk)
    assert np.isnan(_guesses(image, structure)).all()


def test_an_image_without_a_store_has_no_guesses(
    image: Image, structure: Structure, alice: User
) -> None:
    lost = make_image(dataset=image.dataset)
    _answer(alice, image, structure, [(1, 2)], "yes")
    renew_guesses(image.dataset_id, structure.pk)
    assert np.isnan(_guesses(lost, structure)).all()
    assert np.isfinite(_guesses(image, structure)).all()


def test_what_is_gone_is_left_alone(image: Image, structure: Structure) -> None:
    renew_guesses(image.dataset_id, 10**6)
    renew_guesses(10**6, structure.pk)
    assert not PatchGuesses.objects.exists()


def _keep(image: Image, structure: Structure, values: np.ndarray) -> None:
    scores = values.astype("<f2").tobytes()
    PatchGuesses.objects.create(
        image=image, structure=structure, rows=4, columns=6, scores=scores, known_until=1
    )


def test_least_certain_first_goes_by_the_guesses_and_shows_the_scores_of_the_model(
    image: Image, structure: Structure, alice: User
) -> None:
    model = np.linspace(0, 1, 24).reshape(4, 6)
    keep_scores(image=image, scores={structure.pk: model}, source="Model 1")
    guessed = np.ones((4, 6))
    guessed[3, 4], guessed[0, 1] = 0.5, 0.6
    _keep(image, structure, guessed)
    dataset = Dataset.objects.get(pk=image.dataset_id)
    query = PatchQuery(structure=structure, order="uncertain", limit=2)
    page = list_patches(by=alice, dataset=dataset, query=query)["patches"]
    assert [(one["row"], one["column"]) for one in page] == [(3, 4), (0, 1)]
    assert [one["score"] for one in page] == pytest.approx([model[3, 4], model[0, 1]], abs=1e-3)
    handed = hand_out(by=alice, dataset=dataset, structure=structure, count=2,
                      order=Order.UNCERTAIN)  # fmt: skip
    assert [cell[1:] for cell, _ in handed.patches] == [(3, 4), (0, 1)]
    shown = [score for _, score in handed.patches]
    assert shown == pytest.approx([model[3, 4], model[0, 1]], abs=1e-3)


def test_where_nothing_is_guessed_the_model_ranks(
    image: Image, structure: Structure, alice: User
) -> None:
    model = np.ones((4, 6))
    model[2, 2] = 0.5
    keep_scores(image=image, scores={structure.pk: model}, source="Model 1")
    query = PatchQuery(structure=structure, order="uncertain", limit=1)
    page = list_patches(by=alice, dataset=image.dataset, query=query)["patches"]
    assert [(one["row"], one["column"]) for one in page] == [(2, 2)]


def test_a_worker_is_asked_before_the_first_answer_and_then_after_every_eighth(
    image: Image,
    structure: Structure,
    alice: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def asks() -> int:
        guessing._asked.clear()
        with django_capture_on_commit_callbacks() as callbacks:
            guessing.keep_guesses_fresh(dataset=image.dataset, structure=structure)
        return len(callbacks)

    assert asks() == 1
    renew_guesses(image.dataset_id, structure.pk)
    assert asks() == 0
    for first in (0, 2):
        _answer(alice, image, structure, [(first, column) for column in range(5)], "no")
        assert asks() == 0
        _answer(alice, image, structure, [(first + 1, column) for column in range(3)], "no")
        assert asks() == 1
        renew_guesses(image.dataset_id, structure.pk)
        assert asks() == 0


def _in_turn(image: Image, structure: Structure) -> list[tuple[int, int]]:
    """Rows and columns of the patches with a turn, the first turn first."""
    row = PatchGuesses.objects.get(image=image, structure=structure)
    turns = np.frombuffer(row.turns, dtype=STORED_TURNS)
    order = np.argsort(turns, kind="stable")[np.count_nonzero(turns == 0) :]
    return [divmod(place, row.columns) for place in order.tolist()]


def _asked_about(
    image: Image, structure: Structure, alice: User, count: int
) -> list[tuple[int, int]]:
    dataset = Dataset.objects.get(pk=image.dataset_id)
    handed = hand_out(
        by=alice, dataset=dataset, structure=structure, count=count, order=Order.UNCERTAIN
    )
    return [cell[1:] for cell, _ in handed.patches]


def test_before_the_first_answer_every_patch_has_a_turn_and_comes_in_it(
    image: Image, structure: Structure, alice: User
) -> None:
    renew_guesses(image.dataset_id, structure.pk)
    order = _in_turn(image, structure)
    assert len(set(order)) == len(order) == 24
    assert np.isnan(_guesses(image, structure)).all()
    assert _asked_about(image, structure, alice, 24) == order
    query = PatchQuery(structure=structure, order="uncertain", limit=24)
    page = list_patches(by=alice, dataset=image.dataset, query=query)["patches"]
    assert [(one["row"], one["column"]) for one in page] == order


def test_of_the_first_two_one_shows_the_disc_and_one_does_not(
    image: Image, structure: Structure
) -> None:
    renew_guesses(image.dataset_id, structure.pk)
    disc = {(1, 2), (1, 3), (2, 2), (2, 3)}
    first = _in_turn(image, structure)[:4]
    assert 0 < len(disc.intersection(first)) < 4


def test_the_next_turn_is_the_closest_call_and_nobody_is_asked_twice(
    image: Image, structure: Structure, alice: User
) -> None:
    answered = [(0, 0), (0, 1), (0, 5), (3, 0), (3, 5), (2, 0), (1, 5)]
    _answer(alice, image, structure, answered, "no")
    _answer(alice, image, structure, [(1, 2)], "yes")
    _answer(alice, image, structure, [(3, 3)], "unsure")
    leave_out(by=alice, image=image, cells=[(0, 3)])
    in_hand = _asked_about(image, structure, alice, 2)
    renew_guesses(image.dataset_id, structure.pk)
    order = _in_turn(image, structure)
    taken = {*answered, (1, 2), (3, 3), (0, 3), *in_hand}
    everything = {(row, column) for row in range(4) for column in range(6)}
    assert set(order) == everything - taken
    assert len(order) == 24 - len(taken)
    doubt = np.abs(_guesses(image, structure).astype(float) - 0.5)
    free = {cell: doubt[cell] for cell in order}
    # What is in hand counts as asked about, so that what is like it is no close call any more.
    assert free[order[0]] <= np.median(list(free.values()))


def test_a_worker_is_not_asked_by_everybody_at_once(
    image: Image,
    structure: Structure,
    alice: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    _answer(alice, image, structure, [(0, 0)], "no")
    with django_capture_on_commit_callbacks() as callbacks:
        for _ in range(5):
            guessing.keep_guesses_fresh(dataset=image.dataset, structure=structure)
    assert len(callbacks) == 1


def test_guesses_of_another_grid_go_with_it(
    image: Image, structure: Structure, alice: User
) -> None:
    _keep(image, structure, np.ones((4, 6)))
    change_grid(by=alice, dataset=image.dataset, patch_size=32, overlap=0, transfer=False)
    assert not PatchGuesses.objects.exists()
