"""Where image stores and maps are kept: in the data folder, or in a bucket (STORAGE_URL).

Whoever writes one writes it to its folder, and publishes it. Whoever reads one asks for its place:
its folder while that is there, so that sites which move to a bucket keep what they have, or else
the bucket. Keys are the paths within the data folder.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from annotations.imaging.place import Place, Remote
from annotations.imaging.whole import removed_at_once

if TYPE_CHECKING:
    # Only for sites that have one.
    from annotations.bucket import Bucket

logger = logging.getLogger(__name__)

_MARKER = "zarr.json"


def in_bucket() -> bool:
    return bool(settings.STORAGE_URL)


def bucket() -> Bucket:
    """The bucket of STORAGE_URL; each process connects once.

    Raises:
        ImproperlyConfigured: the setting is no address of a bucket, or obstore is not installed.
    """
    return _connected(
        settings.STORAGE_URL,
        settings.STORAGE_ENDPOINT,
        settings.STORAGE_PUBLIC_ENDPOINT,
        settings.STORAGE_REGION,
        settings.STORAGE_KEY_ID,
        settings.STORAGE_SECRET,
    )


def key_of(path: Path) -> str:
    return path.relative_to(settings.MEDIA_ROOT).as_posix()


def place(store: Path) -> Place:
    """Where to open a store; that it is there is not checked."""
    if not in_bucket() or store.is_dir():
        return store
    from zarr.storage import ObjectStore

    return Remote(ObjectStore(bucket().objects, read_only=True), key_of(store))


def exists(store: Path) -> bool:
    """Whether a store is there, whole."""
    if store.is_dir():
        return True
    return in_bucket() and bucket().head(f"{key_of(store)}/{_MARKER}") is not None


def version(store: Path) -> str:
    """Another one whenever the store is written anew.

    Raises:
        FileNotFoundError: no store there.
    """
    if not in_bucket() or store.is_dir():
        return str(store.stat().st_mtime_ns)
    found = bucket().head(f"{key_of(store)}/{_MARKER}")
    if found is None:
        raise FileNotFoundError(f"There is no store {key_of(store)}.")
    return found.etag


def publish(store: Path, *, between: Callable[[], None] | None = None) -> None:
    """Move a store that was written to its folder to where stores are kept.

    Killed on the way, it is still whole in its folder. `between` is called now and then, and may
    raise to end it.
    """
    if in_bucket() and store.is_dir():
        bucket().upload(store, key_of(store), between=between)
        removed_at_once(store)


def remove(folder: Path) -> None:
    """Remove a folder and what of it is in the bucket.

    Objects first: where the bucket does not answer, the folder stays, and whoever tidies up finds
    by it what is left.
    """
    if in_bucket():
        try:
            bucket().remove(key_of(folder))
        except OSError:
            logger.exception("%s is removed later", folder.name)
            return
    shutil.rmtree(folder, ignore_errors=True)


@lru_cache(maxsize=4)
def _connected(
    url: str, endpoint: str, public: str, region: str, key_id: str, secret: str
) -> Bucket:
    address = urlsplit(url)
    if address.scheme != "s3" or not address.netloc:
        raise ImproperlyConfigured(f"STORAGE_URL is s3://bucket/prefix, not {url}.")
    try:
        from annotations.bucket import connect
    except ImportError as error:
        raise ImproperlyConfigured("STORAGE_URL needs obstore: pip install .[s3]") from error
    return connect(
        address.netloc,
        address.path.strip("/"),
        endpoint=endpoint,
        public=public,
        region=region,
        key_id=key_id,
        secret=secret,
    )
