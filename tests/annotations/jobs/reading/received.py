"""Files that have arrived."""

from pathlib import Path

from annotations.models import Dataset, Upload
from tests.factories import make_upload


def received(content: bytes, name: str = "a.png", dataset: Dataset | None = None) -> Upload:
    return make_upload(
        dataset=dataset,
        name=name,
        content=content,
        state=Upload.State.RECEIVED,
        details={"condition": "drug", "well": "B2", "replicate": "1"},
    )


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
