"""One array of an OME-Zarr image, read chunk by chunk; what it claims is checked first."""

import asyncio
import bz2
import lzma
import zlib
from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

import imagecodecs
import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.abc.store import ByteRequest, Store
from zarr.core.buffer import Buffer, BufferPrototype
from zarr.storage import LocalStore, WrapperStore, ZipStore

from annotations.imaging.errors import ImageRefused, damaged
from annotations.imaging.header import MAX_BLOCK_BYTES
from annotations.imaging.ome_zarr.files import FolderFiles, ZarrFiles, clean_key, read_json

# Others may run code (pickle), or nobody can tell how much they unpack to.
_CODECS = {"blosc", "zlib", "gzip", "zstd", "lz4", "bz2", "lzma"}
_PLAIN = {"bytes", "crc32c", "transpose", "endian"}
_MAX_CHUNKS_PER_PLANE = 1_000_000


class ZarrArray:
    """An array of 2 to 5 axes.

    Attributes:
        shape, chunks: per axis.
        dtype: of a value.
    """

    def __init__(self, files: ZarrFiles, path: str) -> None:
        self._files = files
        self._path = clean_key(path)
        self._describe()
        store = _Checked(_store(files), self._codecs, prod(self.chunks) * self.dtype.itemsize)
        inner = files.prefix + self._path
        opened = zarr.open_array(
            store=store, path=inner.strip("/"), mode="r", zarr_format=2 if self._old else 3
        )
        if tuple(opened.shape) != self.shape or tuple(opened.chunks) != self.chunks:
            raise ImageRefused(damaged("OME-Zarr"))
        self._array: Any = opened

    def read_chunk(self, index: tuple[int, ...]) -> NDArray[Any]:
        """One chunk, cut off at the end of the array."""
        spans = zip(index, self.chunks, self.shape, strict=True)
        box = tuple(slice(i * n, min((i + 1) * n, size)) for i, n, size in spans)
        return np.asarray(self._array[box])

    def is_missing(self, index: tuple[int, ...]) -> bool:
        """Whether a chunk of zeros was left out of the store."""
        fill = self._array.fill_value
        if fill is not None and fill != 0:
            return False
        spans = zip(index, self.chunks, self._stored, strict=True)
        parts = [str(i * n // stored) for i, n, stored in spans]
        return not self._files.has(f"{self._path}/{self._key(parts)}".lstrip("/"))

    def _key(self, parts: list[str]) -> str:
        return self._separator.join(parts if self._old else ["c", *parts])

    def _describe(self) -> None:
        start = f"{self._path}/" if self._path else ""
        new = read_json(self._files, f"{start}zarr.json")
        old = read_json(self._files, f"{start}.zarray") if new is None else None
        described = new if new is not None else old
        if described is None:
            raise ImageRefused("The OME-Zarr lacks its array of full resolution. Pack it again.")
        self._old = new is None
        self.shape = _sizes(described.get("shape"))
        if self._old:
            self._describe_old(described)
        else:
            self._describe_new(described)
        self._check()

    def _describe_old(self, described: dict[str, Any]) -> None:
        self.chunks = self._stored = _sizes(described.get("chunks"))
        self.dtype = _dtype(described.get("dtype"))
        self._separator = str(described.get("dimension_separator", "."))
        if described.get("filters"):
            raise ImageRefused(_foreign("filters"))
        compressor = described.get("compressor")
        self._codecs = _known([compressor["id"]] if compressor else [])

    def _describe_new(self, described: dict[str, Any]) -> None:
        grid, keys = described["chunk_grid"], described.get("chunk_key_encoding") or {}
        self.chunks = self._stored = _sizes(grid["configuration"]["chunk_shape"])
        self.dtype = _dtype(described.get("data_type"))
        self._separator = str((keys.get("configuration") or {}).get("separator", "/"))
        if keys.get("name", "default") != "default" or grid.get("name") != "regular":
            raise ImageRefused(_foreign("chunk keys"))
        codecs = described["codecs"]
        if [codec["name"] for codec in codecs] == ["sharding_indexed"]:
            inner = codecs[0]["configuration"]
            self.chunks = _sizes(inner["chunk_shape"])
            index = [codec["name"] for codec in inner.get("index_codecs", [])]
            if set(index) - _PLAIN:
                raise ImageRefused(_foreign(", ".join(index)))
            codecs = inner["codecs"]
        self._codecs = _known([codec["name"] for codec in codecs])

    def _check(self) -> None:
        if not 2 <= len(self.shape) <= 5 or len(self.chunks) != len(self.shape):
            raise ImageRefused("The OME-Zarr has not two to five axes, so it cannot be read.")
        if len(self._stored) != len(self.shape) or self._separator not in {".", "/"}:
            raise ImageRefused(damaged("OME-Zarr"))
        if prod(self.chunks) * self.dtype.itemsize > MAX_BLOCK_BYTES:
            raise ImageRefused("The OME-Zarr's chunks are larger than 1 GiB. Save smaller ones.")
        plane = [-(-n // c) for n, c in zip(self.shape[-2:], self.chunks[-2:], strict=True)]
        if prod(plane) > _MAX_CHUNKS_PER_PLANE:
            raise ImageRefused("The OME-Zarr is cut into too many tiny chunks. Save larger ones.")


class _Checked(WrapperStore[Store]):
    """A store that gives no packed chunk which would unpack to more than a chunk."""

    def __init__(self, store: Store, codecs: tuple[str, ...], limit: int) -> None:
        super().__init__(store)
        self._codecs = codecs
        self._limit = limit

    async def get(
        self,
        key: str,
        prototype: BufferPrototype,
        byte_range: ByteRequest | None = None,
    ) -> Buffer | None:
        value = await super().get(key, prototype, byte_range)
        name = key.rsplit("/", 1)[-1]
        if value is None or name in {"zarr.json", ".zarray", ".zattrs", ".zgroup", ".zmetadata"}:
            return value
        if len(value) > 2 * self._limit + 65_536 and byte_range is None and self._codecs:
            raise ImageRefused(damaged("OME-Zarr"))
        if self._codecs:
            packed = value.to_bytes()
            await asyncio.to_thread(_check_packed, packed, self._codecs[-1], self._limit)
        return value


def chunk_indices(
    box: tuple[tuple[int, int], ...], chunks: tuple[int, ...]
) -> Iterator[tuple[int, ...]]:
    """Of all chunks that share a value with a box of (start, end) per axis."""
    spans = zip(box, chunks, strict=True)
    return product(*(range(start // n, -(-end // n)) for (start, end), n in spans))


def _store(files: ZarrFiles) -> Store:
    if isinstance(files, FolderFiles):
        return LocalStore(files.location, read_only=True)
    return ZipStore(files.location, mode="r", read_only=True)


def _check_packed(packed: bytes, codec: str, limit: int) -> None:
    """Refuse what unpacks to more than `limit` bytes (shards: or is no packed chunk at all)."""
    if _unpacked_size(packed, codec, limit) > limit:
        raise ImageRefused(damaged("OME-Zarr"))


def _unpacked_size(packed: bytes, codec: str, limit: int) -> int:
    if codec == "blosc":
        return int.from_bytes(packed[4:8], "little")
    if codec == "lz4":
        return int.from_bytes(packed[:4], "little")
    if codec == "zstd":
        return _zstd_size(packed, limit)
    if codec in {"gzip", "zlib"}:
        return len(zlib.decompressobj(wbits=47).decompress(packed, limit + 1))
    unpacker = bz2.BZ2Decompressor() if codec == "bz2" else lzma.LZMADecompressor()
    return len(unpacker.decompress(packed, limit + 1))


def _zstd_size(packed: bytes, limit: int) -> int:
    """The content size that a frame declares (RFC 8878); without one it is unpacked to see."""
    if packed[:4] != b"\x28\xb5\x2f\xfd" or len(packed) < 6:
        return 0  # the index of a shard, or nothing that zstd would unpack
    flags = packed[4]
    single = flags >> 5 & 1
    length = (single, 2, 4, 8)[flags >> 6]
    if not length:
        return len(imagecodecs.zstd_decode(packed, out=limit))
    start = 5 + (1 - single) + (0, 1, 2, 4)[flags & 3]
    size = int.from_bytes(packed[start : start + length], "little")
    return size + 256 if length == 2 else size


def _sizes(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(type(n) is int and n > 0 for n in value):
        raise ImageRefused(damaged("OME-Zarr"))
    return tuple(value)


def _dtype(value: Any) -> np.dtype[Any]:
    if not isinstance(value, str):
        raise ImageRefused(_foreign("values of several parts"))
    try:
        found = np.dtype(value)
    except TypeError as error:
        raise ImageRefused(_foreign(f"values of type {value[:20]}")) from error
    if found.kind not in "buif":
        raise ImageRefused(_foreign(f"values of type {value[:20]}"))
    return found.newbyteorder("=")


def _known(names: list[str]) -> tuple[str, ...]:
    """The packing codecs among those of an array, refusing what is unknown."""
    for name in names:
        if name not in _CODECS | _PLAIN:
            raise ImageRefused(_foreign(f"codec {str(name)[:40]}"))
    return tuple(name for name in names if name in _CODECS)


def _foreign(what: str) -> str:
    return (
        f"The OME-Zarr is packed in a way that cannot be read ({what}). "
        "Save it with zstd, blosc or gzip."
    )
