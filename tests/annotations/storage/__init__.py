"""Image stores in a bucket."""
