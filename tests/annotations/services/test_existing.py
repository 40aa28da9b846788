"""Answers, masks and outlines that were made elsewhere."""

import json
from io import BytesIO, StringIO
from pathlib import Path

import numpy as np
import pytest
import tifffile
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import DjangoCaptureOnCommitCallbacks

from annotations.errors import Rejected
from annotations.imaging.grid import patch_labels
from annotations.imaging.store import open_store
from annotations.models import Image, Label, LabelChange, Reference, Role, Structure, User
from annotations.services.label_import import take_table
from annotations.services.mask_import import Taken, take_mask
from annotations.services.references import delete_reference
from inference.export.tables import write_labels_csv
from inference.jobs.export_rows import label_rows
from inference.models import Run
from tests.factories import (
    make_dataset,
    make_image,
    make_label,
    make_member,
    make_model,
    make_run,
    make_structure,
)

pytestmark = pytest.mark.django_db
HEAD = "image,row,column,structure,value\n"


@pytest.fixture
def image() -> Image:
    """64 x 96 px on patches of 32 px: 2 rows, 3 columns."""
    return make_image(dataset=make_dataset(patch_size=32), name="slide 1.tif", height=64, width=96)


@pytest.fixture
def structure(image: Image) -> Structure:
    return make_structure(project=image.dataset.project, name="Disc")


@pytest.fixture
def alice(image: Image) -> User:
    return image.dataset.created_by


def _answers() -> set[tuple[str, int, int, str]]:
    rows = Label.objects.values_list("annotator__username", "row", "column", "value")
    return {(person, row, column, value) for person, row, column, value in rows}


@pytest.mark.usefixtures("structure")
def test_lines_become_answers_and_those_that_cannot_are_named(image: Image, alice: User) -> None:
    table = HEAD + (
        "slide 1.tif,0,0,Disc,yes\n"
        "slide 1.tif,0,1,Disc,No\n"
        "slide 2.tif,0,0,Disc,yes\n"
        "slide 1.tif,2,0,Disc,yes\n"
        "slide 1.tif,0,0,Ring,yes\n"
        "slide 1.tif,0,0,Disc,maybe\n"
        "slide 1.tif,-1,0,Disc,yes\n"
        "slide 1.tif,0\n"
        "slide 1.tif,0,0,Disc,unsure\n"
    )
    for dry_run in (True, False):
        assert not Label.objects.exists()
        taken = take_table(
            by=alice,
            dataset=image.dataset,
            file=BytesIO(table.encode()),
            annotators=False,
            dry_run=dry_run,
        )
        assert (taken.lines, taken.answers, taken.changed, taken.refused) == (9, 2, 2, 6)
        assert taken.values == {"unsure": 1, "no": 1}
        assert taken.problems[0] == "Line 4: there is no image 'slide 2.tif'."
        assert [problem.partition(":")[0] for problem in taken.problems] == [
            f"Line {line}" for line in range(4, 10)
        ]
    name = alice.username
    assert _answers() == {(name, 0, 0, "unsure"), (name, 0, 1, "no")}
    assert LabelChange.objects.count() == 2
    again = take_table(
        by=alice, dataset=image.dataset, file=BytesIO(table.encode()), annotators=False
    )
    assert (again.answers, again.changed) == (2, 0)


def test_our_own_export_goes_back_in(
    image: Image, structure: Structure, alice: User, tmp_path: Path
) -> None:
    bob = make_member(project=image.dataset.project).user
    make_label(image=image, structure=structure, annotator=alice)
    make_label(image=image, structure=structure, annotator=bob, row=1, column=2)
    model = make_model(dataset=image.dataset, structures=[structure])
    run = make_run(dataset=image.dataset, kind=Run.Kind.EXPORT, uses=model)
    write_labels_csv(label_rows(run), tmp_path / "labels.csv")
    before = _answers()
    Label.objects.all().delete()
    content = (tmp_path / "labels.csv").read_bytes()
    taken = take_table(by=alice, dataset=image.dataset, file=BytesIO(content), annotators=True)
    assert (taken.refused, taken.changed, _answers()) == (0, 2, before)
    image.dataset.patch_size = 48
    image.dataset.save()
    taken = take_table(by=alice, dataset=image.dataset, file=BytesIO(content), annotators=True)
    assert taken.refused == 2
    assert "another size" in taken.problems[0]


def test_only_managers_answer_for_others_and_only_for_annotators(
    image: Image, structure: Structure, alice: User
) -> None:
    bob = make_member(project=image.dataset.project).user
    dora = make_member(project=image.dataset.project, role=Role.VIEWER).user
    table = "image,row,column,structure,value,annotator\n" + "".join(
        f"{image.name},0,0,{structure.name},yes,{name}\n"
        for name in (bob.username, dora.username, "nobody", "")
    )
    with pytest.raises(PermissionDenied):
        take_table(by=bob, dataset=image.dataset, file=BytesIO(table.encode()), annotators=True)
    with pytest.raises(PermissionDenied):
        take_table(by=dora, dataset=image.dataset, file=BytesIO(table.encode()), annotators=False)
    taken = take_table(
        by=alice, dataset=image.dataset, file=BytesIO(table.encode()), annotators=True
    )
    assert (taken.answers, taken.refused) == (1, 3)
    assert _answers() == {(bob.username, 0, 0, "yes")}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no column image, row"),
        (b"a;b\n1;2\n", "no column image"),
        (b"\xff\xfe\x00", "UTF-8"),
        (HEAD.encode() + b'"' + b"x" * 200_000, "no CSV"),
    ],
)
def test_what_is_no_table_is_rejected(image: Image, content: bytes, message: str) -> None:
    by = image.dataset.created_by
    with pytest.raises(Rejected, match=message):
        take_table(by=by, dataset=image.dataset, file=BytesIO(content), annotators=False)


@pytest.mark.usefixtures("structure")
def test_a_table_with_semicolons_and_a_byte_order_mark_is_read(image: Image, alice: User) -> None:
    text = "\ufeff" + (HEAD + "slide 1.tif,0,0,Disc,yes\n").replace(",", ";")
    taken = take_table(
        by=alice, dataset=image.dataset, file=BytesIO(text.encode()), annotators=False
    )
    assert taken.changed == 1


def _mask() -> np.ndarray:
    """Two objects: one inside the first patch, one across the last two of the second row."""
    mask = np.zeros((64, 96), np.uint8)
    mask[4:14, 4:14] = 255
    mask[40:60, 56:72] = 255
    return mask


def _take(
    image: Image,
    structure: Structure,
    path: Path,
    *,
    answers: bool = True,
    reference: bool = True,
    dry_run: bool = False,
    by: User | None = None,
) -> Taken:
    return take_mask(
        by=by or image.dataset.created_by,
        dataset=image.dataset,
        structure=structure,
        name=path.name,
        path=path,
        answers=answers,
        reference=reference,
        dry_run=dry_run,
    )


def test_a_mask_becomes_answers_and_a_reference(
    image: Image, structure: Structure, tmp_path: Path
) -> None:
    path = tmp_path / "Slide 1_mask.tif"
    tifffile.imwrite(path, _mask(), photometric="minisblack")
    planned = _take(image, structure, path, dry_run=True)
    assert not Label.objects.exists()
    assert not Reference.objects.exists()
    taken = _take(image, structure, path)
    assert taken == planned
    assert (taken.objects, taken.area_px, taken.yes, taken.no) == (2, 100 + 320, 3, 3)
    expected = patch_labels(_mask() > 0, 32)
    assert {(row, column): value for _, row, column, value in _answers()} == {
        cell: "yes" if shows else "no" for cell, shows in np.ndenumerate(expected)
    }
    reference = Reference.objects.get()
    labels = open_store(reference.labels).read(0, 64, 0, 96)[0]
    assert np.array_equal(labels > 0, _mask() > 0)
    assert len(np.unique(labels)) == 3


def test_a_second_reference_takes_the_place_of_the_first(
    image: Image,
    structure: Structure,
    tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    path = tmp_path / "slide 1.tif"
    tifffile.imwrite(path, _mask(), photometric="minisblack")
    _take(image, structure, path, answers=False)
    former = Reference.objects.get().folder
    outline = {"type": "Polygon", "coordinates": [[[0, 0], [8, 0], [8, 8], [0, 8], [0, 0]]]}
    drawn = tmp_path / "slide 1.geojson"
    drawn.write_text(json.dumps(outline))
    with django_capture_on_commit_callbacks(execute=True):
        assert _take(image, structure, drawn, answers=False).replaces
    reference = Reference.objects.get()
    assert (reference.origin, reference.object_count, reference.area_px) == ("geojson", 1, 64)
    assert reference.folder.is_dir()
    assert not former.exists()
    assert not Label.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        delete_reference(by=image.dataset.created_by, reference=reference)
    assert not reference.folder.exists()


def test_annotators_answer_by_masks_but_keep_no_references(
    image: Image, structure: Structure, tmp_path: Path
) -> None:
    bob = make_member(project=image.dataset.project).user
    path = tmp_path / "slide 1.tif"
    tifffile.imwrite(path, _mask(), photometric="minisblack")
    with pytest.raises(PermissionDenied):
        _take(image, structure, path, by=bob)
    assert _take(image, structure, path, by=bob, reference=False).changed == 6
    assert not Reference.objects.exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("slide 2.png", "no image of this data set is called slide 2"),
        ("slide 1.png", "96 x 64"),
        ("slide 1.geojson", "no GeoJSON"),
        ("slide 1.roi", "region of ImageJ"),
        ("slide 1.txt", "slide 1.txt: "),
    ],
)
def test_a_file_that_cannot_be_taken_is_named_with_the_reason(
    image: Image, structure: Structure, tmp_path: Path, name: str, message: str
) -> None:
    path = tmp_path / name
    if name == "slide 1.png":
        tifffile.imwrite(path, np.zeros((5, 6), np.uint8))
    else:
        path.write_bytes(b"nothing of use")
    with pytest.raises(Rejected, match=message):
        _take(image, structure, path)
    assert not Reference.objects.exists()
    assert not (image.folder / "references").exists()


def test_two_images_of_one_stem_are_told_apart_by_nobody(
    image: Image, structure: Structure, tmp_path: Path
) -> None:
    make_image(dataset=image.dataset, name="slide 1.png")
    (tmp_path / "slide 1_mask.png").write_bytes(b"")
    with pytest.raises(Rejected, match="several images"):
        _take(image, structure, tmp_path / "slide 1_mask.png")


def test_the_command_takes_what_it_can_and_names_the_rest(
    image: Image, structure: Structure, alice: User, tmp_path: Path
) -> None:
    table, mask = tmp_path / "labels.csv", tmp_path / "slide 1.tif"
    table.write_text(HEAD + "slide 1.tif,0,0,Disc,no\nslide 9.tif,0,0,Disc,no\n")
    tifffile.imwrite(mask, _mask(), photometric="minisblack")
    other = tmp_path / "other.tif"
    other.write_bytes(b"")
    out = StringIO()
    options = {"user": alice.username, "structure": structure.name, "answers": True}
    call_command("import_existing", image.dataset_id, table, mask, other, stdout=out, **options)
    said = out.getvalue()
    assert "labels.csv: Line 3: there is no image 'slide 9.tif'." in said
    assert "slide 1.tif: 2 objects in slide 1.tif, 3 patches yes and 3 no; 6 answers" in said
    assert "other.tif: no image of this data set" in said
    assert "2 of 3 files taken in." in said
    with pytest.raises(CommandError, match="Nobody"):
        call_command("import_existing", image.dataset_id, table, user="nobody")
