"""Objects that some person or another program has drawn."""
