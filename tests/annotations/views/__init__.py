"""Tests of annotations/views."""
