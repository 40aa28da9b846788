"""What was labelled elsewhere is taken in."""
