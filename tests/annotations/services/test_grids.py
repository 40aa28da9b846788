"""Another patch grid after patches were answered: nothing is lost, little is assumed."""

import pytest
from django.core.exceptions import PermissionDenied

from annotations.errors import Rejected
from annotations.imaging.grid import Grid
from annotations.models import Dataset, FormerGrid, FormerLabel, Image, Label, LabelChange, User
from annotations.models.label import Answer
from annotations.services.answers.labels import label_patches
from annotations.services.grids import GridChange, change_grid, plan_grid
from tests.factories import (
    make_label,
    make_member,
    make_model,
    make_segmentation,
    make_structure,
)

pytestmark = pytest.mark.django_db
Cells = dict[tuple[int, int], str]


@pytest.fixture
def manager(image: Image) -> User:
    return image.dataset.created_by


@pytest.fixture
def answered(image: Image, manager: User) -> Image:
    """Row 0: yes, no, unsure; row 1: no, no and one without an answer."""
    structure = make_structure(project=image.dataset.project)
    cells: Cells = {(0, 0): "yes", (0, 1): "no", (0, 2): "unsure", (1, 0): "no", (1, 1): "no"}
    for cell, value in cells.items():
        label_patches(
            by=manager, image=image, structure=structure, cells=[cell], value=Answer(value)
        )
    return image


def _answers(image: Image) -> Cells:
    rows = Label.objects.filter(image=image).values_list("row", "column", "value")
    return {(row, column): value for row, column, value in rows}


def _change(
    image: Image, patch_size: int, *, overlap: int = 0, transfer: bool = False
) -> GridChange:
    plan = plan_grid(
        by=image.dataset.created_by,
        dataset=Dataset.objects.get(pk=image.dataset_id),
        patch_size=patch_size,
        overlap=overlap,
        transfer=transfer,
    )
    done = change_grid(
        by=image.dataset.created_by,
        dataset=image.dataset,
        patch_size=patch_size,
        overlap=overlap,
        transfer=transfer,
    )
    assert done == plan
    return done


def test_the_old_answers_are_kept_with_their_grid(answered: Image, manager: User) -> None:
    before = _answers(answered)
    assert _change(answered, 64) == GridChange(answers=5, restored=0, carried=0)
    dataset = Dataset.objects.get()
    assert (dataset.patch_size, dataset.overlap) == (64, 0)
    assert _answers(answered) == {}
    grid = FormerGrid.objects.get()
    assert (grid.patch_size, grid.overlap, grid.replaced_by) == (32, 0, manager)
    rows = grid.labels.values_list("row", "column", "value")
    assert {(row, column): value for row, column, value in rows} == before


def test_answers_that_follow_are_carried_over_with_their_history(answered: Image) -> None:
    LabelChange.objects.all().delete()
    assert _change(answered, 64, transfer=True) == GridChange(answers=5, restored=0, carried=1)
    # Columns 0 and 1 hold a yes; column 2 of the old grid alone tells nothing sure.
    assert _answers(answered) == {(0, 0): "yes"}
    change = LabelChange.objects.get()
    assert (change.old, change.new, change.patch_size, change.overlap) == ("", "yes", 64, 0)


def test_a_former_grid_gives_its_answers_back(answered: Image) -> None:
    before = list(Label.objects.values("row", "column", "value", "annotator", "updated_at"))
    _change(answered, 16, transfer=True)
    assert _change(answered, 32) == GridChange(answers=12, restored=5, carried=0)
    after = list(Label.objects.values("row", "column", "value", "annotator", "updated_at"))
    assert after == before
    assert [grid.patch_size for grid in FormerGrid.objects.all()] == [16]


def test_what_is_restored_is_not_answered_a_second_time(answered: Image, manager: User) -> None:
    _change(answered, 64)
    structure = answered.dataset.project.structures.get()
    label_patches(
        by=manager, image=Image.objects.get(), structure=structure, cells=[(0, 0)], value=Answer.NO
    )
    # Back on 32 px, the four "no" that follow are about patches answered there already.
    assert _change(answered, 32, transfer=True) == GridChange(answers=1, restored=5, carried=0)
    assert _answers(answered)[0, 0] == "yes"


def test_each_person_and_structure_is_carried_alone(image: Image, manager: User) -> None:
    other = make_member(project=image.dataset.project).user
    first, second = (make_structure(project=image.dataset.project) for _ in range(2))
    for column in range(3):
        make_label(image=image, structure=first, annotator=manager, column=column, value=Answer.NO)
    make_label(image=image, structure=second, annotator=other, column=1, value=Answer.YES)
    assert _change(image, 64, overlap=32, transfer=True).carried == 2
    rows = Label.objects.values_list("structure", "annotator", "row", "column", "value")
    assert sorted(rows) == [(second.pk, other.pk, 0, 0, "yes"), (second.pk, other.pk, 0, 1, "yes")]


def test_an_overlap_is_a_grid_of_its_own(answered: Image) -> None:
    _change(answered, 32, overlap=16)
    assert Image.objects.get().grid == Grid(64, 96, 32, 16)
    assert FormerLabel.objects.count() == 5


def test_the_same_grid_changes_nothing(answered: Image) -> None:
    before = _answers(answered)
    assert _change(answered, 32, transfer=True) == GridChange(answers=5, restored=5, carried=0)
    assert _answers(answered) == before
    assert not FormerGrid.objects.exists()


def test_a_grid_without_answers_leaves_nothing_behind(image: Image) -> None:
    _change(image, 64, transfer=True)
    assert not FormerGrid.objects.exists()


def test_results_keep_the_grid_they_were_made_on(answered: Image) -> None:
    structure = answered.dataset.project.structures.get()
    model = make_model(dataset=answered.dataset, structures=[structure])
    segmentation = make_segmentation(image=answered, model=model, structure=structure)
    _change(answered, 64)
    segmentation.refresh_from_db()
    assert segmentation.grid == Grid(64, 96, 32)


@pytest.mark.parametrize(("size", "overlap"), [(15, 0), (1025, 0), (64, 33), (64, -1)])
def test_an_impossible_grid_is_rejected(answered: Image, size: int, overlap: int) -> None:
    with pytest.raises(Rejected, match="px"):
        _change(answered, size, overlap=overlap)
    assert Label.objects.count() == 5


def test_annotators_may_not_change_the_grid(answered: Image) -> None:
    bob = make_member(project=answered.dataset.project).user
    for service in (plan_grid, change_grid):
        with pytest.raises(PermissionDenied):
            service(by=bob, dataset=answered.dataset, patch_size=64, overlap=0, transfer=False)
    assert Label.objects.count() == 5
