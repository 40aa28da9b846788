"""TIFF in the forms that microscopes and Fiji write."""
