"""The image store: what the browser, training and segmentation all read."""

from annotations.imaging.store_read import Store, open_store
from annotations.imaging.store_write import write_map, write_store

__all__ = ["Store", "open_store", "write_map", "write_store"]
