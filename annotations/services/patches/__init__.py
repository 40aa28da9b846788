"""Patches of a data set as the gallery shows them."""
