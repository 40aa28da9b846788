"""Tests of annotations/demo."""
