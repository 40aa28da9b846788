"""Tests mirror the packages; tests/servers.py starts the real servers they run against."""
