"""What `manage.py up` does: one machine, no services, everything started and ended together."""
