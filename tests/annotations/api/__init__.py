"""Tests of annotations/api."""
