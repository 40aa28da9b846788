"""A bucket of a server that speaks S3, as far as this site uses one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

if TYPE_CHECKING:
    from obstore.store import S3Config

# What makes a store a store: it comes last and goes first.
MARKER = "zarr.json"
_UPLOADS_AT_ONCE = 8
_BATCH = 256
# As many as S3 deletes in one request.
_PAGE = 1000


logger = logging.getLogger(__name__)


class BucketFailed(OSError):
    """The bucket cannot be used; what the server said is in the log, because it holds addresses."""

    def __init__(self) -> None:
        super().__init__("The bucket of the images cannot be used. Try again later.")
        self.strerror = "the bucket of the images cannot be used"


@dataclass(frozen=True)
class Object:
    """etag: as the server gave it; content: None where only the head was asked for."""

    etag: str
    byte_count: int
    content: bytes | None = None


class Bucket:
    """Objects below one prefix of a bucket; keys are words between single slashes."""

    def __init__(self, objects: S3Store, public: S3Store) -> None:
        """`public` is the same, addressed as browsers reach it."""
        self.objects, self._public = objects, public

    def head(self, key: str) -> Object | None:
        with _failing():
            try:
                meta = obstore.head(self.objects, key)
            except (FileNotFoundError, NotFoundError):
                return None
        return Object(meta["e_tag"] or "", meta["size"])

    def get(self, key: str) -> Object | None:
        with _failing():
            try:
                found = obstore.get(self.objects, key)
                content = bytes(found.bytes())
            except (FileNotFoundError, NotFoundError):
                return None
        return Object(found.meta["e_tag"] or "", len(content), content)

    def upload(self, folder: Path, key: str, *, between: Callable[[], None] | None = None) -> None:
        """Put a store's files below a key, in place of what was there: whole or absent.

        `between` is called now and then, and may raise to end it.
        """
        names = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
        chunks = [name for name in names if str(name) != MARKER]
        self.remove(key)
        with ThreadPoolExecutor(_UPLOADS_AT_ONCE) as pool:
            for start in range(0, len(chunks), _BATCH):
                batch = chunks[start : start + _BATCH]
                list(pool.map(lambda name: self._put(folder / name, f"{key}/{name}"), batch))
                if between is not None:
                    between()
        self._put(folder / MARKER, f"{key}/{MARKER}")

    def remove(self, key: str) -> None:
        """Remove everything below a key; nothing there is no error."""
        with _failing():
            if self.head(f"{key}/{MARKER}") is not None:
                obstore.delete(self.objects, [f"{key}/{MARKER}"])
            for page in obstore.list(self.objects, f"{key}/", chunk_size=_PAGE):
                obstore.delete(self.objects, [entry["path"] for entry in page])

    def folders(self, key: str) -> list[str]:
        """Names directly below a key that have objects below them."""
        with _failing():
            found = obstore.list_with_delimiter(self.objects, f"{key}/")
        return [prefix.rstrip("/").rpartition("/")[2] for prefix in found["common_prefixes"]]

    def signed(self, key: str, *, seconds: int) -> str:
        """An address at which anybody can read the object, for so long."""
        with _failing():
            return obstore.sign(self._public, "GET", key, timedelta(seconds=seconds))

    def _put(self, path: Path, key: str) -> None:
        kind = "application/json" if path.suffix == ".json" else "application/octet-stream"
        with _failing():
            obstore.put(self.objects, key, path, attributes={"Content-Type": kind})


def connect(
    name: str, prefix: str, *, endpoint: str, public: str, region: str, key_id: str, secret: str
) -> Bucket:
    """Nothing is sent yet. Without a key, the machine's own rights count."""

    def reached(address: str) -> S3Store:
        config: S3Config = {"region": region}
        if key_id:
            config |= {"access_key_id": key_id, "secret_access_key": secret}
        if address:
            config["endpoint"] = address
        return S3Store(
            name,
            prefix=prefix or None,
            config=config,
            client_options={"allow_http": True, "connect_timeout": "5s", "timeout": "60s"},
            # Whoever waits for a page must hear soon that the bucket does not answer.
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
        )

    return Bucket(reached(endpoint), reached(public or endpoint))


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except BaseError as error:
        logger.warning("%s", str(error).strip().partition("\n")[0])
        raise BucketFailed from error
