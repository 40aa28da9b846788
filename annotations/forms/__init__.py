"""What the pages ask for. Forms check the shape of an input; services decide."""
