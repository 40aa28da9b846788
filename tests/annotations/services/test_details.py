"""Conditions, wells and replicates from a table."""

import pytest
from django.core.exceptions import PermissionDenied

from annotations.errors import Rejected
from annotations.models import Dataset, Role
from annotations.services.images.details import Applied, apply_details, file_of, update_image
from tests.factories import make_dataset, make_image, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset() -> Dataset:
    dataset = make_dataset()
    for name in ("a.tif", "b.tif", "cells [Position 1].lif", "cells [Position 2].lif"):
        make_image(dataset=dataset, name=name)
    return dataset


def _apply(dataset: Dataset, table: str | bytes) -> Applied:
    content = table if isinstance(table, bytes) else table.encode()
    return apply_details(by=dataset.created_by, dataset=dataset, table=content)


def _details(dataset: Dataset) -> dict[str, tuple[str, str, str]]:
    return {
        image.name: (image.condition, image.well, image.replicate) for image in dataset.images.all()
    }


def test_a_table_describes_the_images_it_names(dataset: Dataset) -> None:
    done = _apply(dataset, "file,condition,well,replicate\na.tif,drug,B2,1\nb.tif,control,,\n")
    assert done == Applied(changed=2, problems=[])
    assert _details(dataset)["a.tif"] == ("drug", "B2", "1")
    assert _details(dataset)["b.tif"] == ("control", "", "")


def test_a_file_of_several_images_describes_them_all(dataset: Dataset) -> None:
    assert _apply(dataset, "file,well\ncells.lif,C3\n").changed == 2
    assert {well for name, (_, well, _) in _details(dataset).items() if "cells" in name} == {"C3"}


def test_what_a_table_leaves_empty_stays(dataset: Dataset) -> None:
    _apply(dataset, "file,condition,well\na.tif,drug,B2\n")
    assert _apply(dataset, "file,condition,well\na.tif,,B3\n").changed == 1
    assert _details(dataset)["a.tif"] == ("drug", "B3", "")


def test_a_table_that_is_sent_twice_changes_nothing(dataset: Dataset) -> None:
    table = "file,condition\na.tif,drug\n"
    assert [_apply(dataset, table).changed for _ in range(2)] == [1, 0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_commas_semicolons_and_tabs_part_columns(dataset: Dataset, delimiter: str) -> None:
    table = delimiter.join(["Well", "FILE"]) + "\n" + delimiter.join(["B2", "a.tif"]) + "\n"
    assert _apply(dataset, table) == Applied(changed=1, problems=[])


def test_tables_of_excel_are_read(dataset: Dataset) -> None:
    assert _apply(dataset, "\ufefffile;condition\r\na.tif;Müller\r\n").changed == 1
    assert _apply(dataset, "file;condition\r\nb.tif;Müller\r\n".encode("cp1252")).changed == 1
    assert _details(dataset)["a.tif"][0] == _details(dataset)["b.tif"][0] == "Müller"


def test_what_is_not_understood_is_reported_by_line_and_the_rest_is_done(
    dataset: Dataset,
) -> None:
    table = "file,condition,dose\na.tif,drug,3\n\nz.tif,drug,3\n,drug,\na.tif,control,\n"
    done = _apply(dataset, table)
    assert done.changed == 1
    assert [problem.partition(":")[0] for problem in done.problems] == [
        "Line 1", "Line 5", "Line 6", "Line 4",
    ]  # fmt: skip
    assert "“dose” is not known" in done.problems[0]
    assert "no image z.tif" in done.problems[3]
    assert _details(dataset)["a.tif"][0] == "drug"


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"name,well\na.tif,B2\n", "file"),
        (b"x" * 6_000_000, "5 MB"),
    ],
)
def test_what_is_no_table_is_refused(dataset: Dataset, table: bytes, reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        _apply(dataset, table)


def test_values_are_cut_to_what_is_kept(dataset: Dataset) -> None:
    _apply(dataset, f"file,condition,well\na.tif,{'x' * 500},B\x072\n")
    assert _details(dataset)["a.tif"][:2] == ("x" * 120, "B 2")


def test_viewers_describe_nothing(dataset: Dataset) -> None:
    viewer = make_member(project=dataset.project, role=Role.VIEWER).user
    with pytest.raises(PermissionDenied):
        apply_details(by=viewer, dataset=dataset, table=b"file,well\na.tif,B2\n")


def test_a_name_that_is_taken_is_refused(dataset: Dataset) -> None:
    image = dataset.images.get(name="a.tif")
    with pytest.raises(Rejected, match="already an image of this name"):
        update_image(
            by=dataset.created_by, image=image, name="b.tif", condition="", well="", replicate=""
        )


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("a.tif", "a.tif"),
        ("cells [Position 3].lif", "cells.lif"),
        ("cells [a.b].lif", "cells.lif"),
        ("notes [old] more.tif", "notes [old] more.tif"),
        ("x [2]", "x"),
    ],
)
def test_the_file_of_an_image_is_told_from_its_name(name: str, file: str) -> None:
    assert file_of(name) == file
