"""Images that were uploaded."""

import io
from pathlib import Path

from annotations.jobs.importing import import_image
from annotations.models import Dataset, Image
from annotations.services.images.images import add_image
from tests.factories import make_dataset


def added(content: bytes, name: str = "a.png", dataset: Dataset | None = None) -> Image:
    dataset = dataset or make_dataset()
    return add_image(by=dataset.created_by, dataset=dataset, name=name, content=io.BytesIO(content))


def imported(content: bytes, name: str = "a.png") -> Image:
    image = added(content, name)
    import_image(image.pk)
    image.refresh_from_db()
    return image


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
