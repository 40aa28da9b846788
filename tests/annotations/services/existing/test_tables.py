"""Tables of answers."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from annotations.errors import Rejected
from annotations.models import Image, Label, LabelChange, Role, Structure, User
from annotations.services.existing.tables import take_table
from inference.export.tables import write_labels_csv
from inference.jobs.export_rows import label_rows
from inference.models import Run
from tests.annotations.services.existing.taking import HEAD, answers
from tests.factories import make_label, make_member, make_model, make_run

pytestmark = pytest.mark.django_db


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
    assert answers() == {(name, 0, 0, "unsure"), (name, 0, 1, "no")}
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
    before = answers()
    Label.objects.all().delete()
    content = (tmp_path / "labels.csv").read_bytes()
    taken = take_table(by=alice, dataset=image.dataset, file=BytesIO(content), annotators=True)
    assert (taken.refused, taken.changed, answers()) == (0, 2, before)
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
    assert answers() == {(bob.username, 0, 0, "yes")}


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
