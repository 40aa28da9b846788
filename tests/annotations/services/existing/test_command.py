"""The command for many files."""

from io import StringIO
from pathlib import Path

import pytest
import tifffile
from django.core.management import call_command
from django.core.management.base import CommandError

from annotations.models import Image, Structure, User
from tests.annotations.services.existing.taking import HEAD, two_objects

pytestmark = pytest.mark.django_db


def test_the_command_takes_what_it_can_and_names_the_rest(
    image: Image, structure: Structure, alice: User, tmp_path: Path
) -> None:
    table, mask = tmp_path / "labels.csv", tmp_path / "slide 1.tif"
    table.write_text(HEAD + "slide 1.tif,0,0,Disc,no\nslide 9.tif,0,0,Disc,no\n")
    tifffile.imwrite(mask, two_objects(), photometric="minisblack")
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
