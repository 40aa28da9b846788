"""OME-Zarr as others write it: a folder or a zip."""
