"""Tests of inference/views."""
