"""Tests of inference/api."""
