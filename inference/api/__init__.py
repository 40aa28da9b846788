"""The HTTP interface of the inference app."""
