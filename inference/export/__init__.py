"""Files that other programs open. Pure: one small module per format."""
