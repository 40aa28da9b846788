"""The last decoded blocks of an image, because neighbouring boxes share them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from numpy.typing import NDArray

# Two rows of tiles of an image 100,000 px wide.
_BYTES = 256 * 1024**2


class BlockCache:
    """Keeps about 256 MiB of blocks, and always the last one."""

    def __init__(self) -> None:
        self._blocks: OrderedDict[Hashable, NDArray[Any] | None] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable, make: Callable[[], NDArray[Any] | None]) -> NDArray[Any] | None:
        """The block of a key, made when it is not there; None stands for an empty one."""
        if key in self._blocks:
            self._blocks.move_to_end(key)
            return self._blocks[key]
        block = make()
        self._blocks[key] = block
        self._bytes += 0 if block is None else block.nbytes
        while self._bytes > _BYTES and len(self._blocks) > 1:
            _, dropped = self._blocks.popitem(last=False)
            self._bytes -= 0 if dropped is None else dropped.nbytes
        return block
