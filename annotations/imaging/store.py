"""The image store: what the browser, training and segmentation all read."""

from annotations.imaging.map_write import map_writer, write_map
from annotations.imaging.store_read import Store, open_store
from annotations.imaging.store_write import write_image, write_projection, write_store

__all__ = [
    "Store",
    "map_writer",
    "open_store",
    "write_image",
    "write_map",
    "write_projection",
    "write_store",
]
