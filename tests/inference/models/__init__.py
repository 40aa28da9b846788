"""Tests of inference/models."""
