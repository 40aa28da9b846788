"""Tests of annotations/services."""
