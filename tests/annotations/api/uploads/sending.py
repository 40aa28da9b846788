"""What a sender does."""

import base64
from typing import Any

from annotations.models import Dataset, Upload, User
from tests.support.clients import client_of

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"


def encoded(**values: str | bytes) -> str:
    return ",".join(
        f"{key} {base64.b64encode(value if isinstance(value, bytes) else value.encode()).decode()}"
        for key, value in values.items()
    )


def announce(dataset: Dataset, length: int, user: User | None = None, **metadata: Any) -> Any:
    client = client_of(user or dataset.created_by)
    headers = {**TUS, "Upload-Length": str(length)}
    if metadata:
        headers["Upload-Metadata"] = encoded(**metadata)
    return client.post(f"/api/datasets/{dataset.pk}/uploads/", headers=headers)


def send(
    upload: Upload, offset: int, content: bytes, user: User | None = None, kind: str = PIECE
) -> Any:
    return client_of(user or upload.by).patch(
        f"/api/uploads/{upload.key}/",
        content,
        content_type=kind,
        headers={**TUS, "Upload-Offset": str(offset)},
    )


def head(upload: Upload) -> Any:
    return client_of(upload.by).head(f"/api/uploads/{upload.key}/", headers=TUS)
