"""Imports that failed for the server's sake."""

from pathlib import Path

import pytest

from annotations.errors import Rejected
from annotations.jobs.importing import import_image
from annotations.models import Image
from annotations.services.images.images import retry_import
from tests.annotations.jobs.importing.added import added, files_in, imported
from tests.support.pictures import png

pytestmark = pytest.mark.django_db


def test_an_original_that_is_lost_is_said_to_have_failed(files: Path) -> None:
    image = added(png())
    image.original.unlink()
    import_image(image.pk)
    image.refresh_from_db()
    assert image.state == Image.State.REFUSED
    assert image.error.startswith("The import failed")
    assert not files_in(files)


def test_an_import_that_fails_for_the_servers_sake_keeps_the_file_and_is_tried_again() -> None:
    """A folder where the thumbnail should be: no file can take its place."""
    image = added(png())
    obstacle = image.folder / "thumbnail.png"
    obstacle.mkdir()
    import_image(image.pk)
    image.refresh_from_db()
    assert image.state == Image.State.REFUSED
    assert "try again" in image.error
    assert image.can_be_tried_again
    assert [path.name for path in files_in(image.folder)] == ["original"]

    retry_import(by=image.uploaded_by, image=image)
    import_image(image.pk)
    image.refresh_from_db()
    assert (image.state, image.error) == (Image.State.READY, "")


def test_a_refused_file_cannot_be_tried_again() -> None:
    image = imported(png()[:100])
    with pytest.raises(Rejected, match="nothing to try again"):
        retry_import(by=image.uploaded_by, image=image)


def test_an_image_whose_name_was_taken_meanwhile_is_not_tried_again() -> None:
    image = added(png(seed=1))
    Image.objects.filter(pk=image.pk).update(state=Image.State.REFUSED, error="The disk is full.")
    image.refresh_from_db()
    added(png(seed=2), dataset=image.dataset)
    with pytest.raises(Rejected, match="meantime"):
        retry_import(by=image.uploaded_by, image=image)
    image.refresh_from_db()
    assert image.state == Image.State.REFUSED
