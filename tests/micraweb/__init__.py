"""Tests of what ties the apps together."""
