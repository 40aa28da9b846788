"""What a team agrees on, and what is done where it does not."""
