"""Errands from claim to end: done once, all or nothing, and no file is left behind."""
