"""Tests of inference/jobs."""
