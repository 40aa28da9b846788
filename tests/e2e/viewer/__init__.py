"""The viewer, by the pixels that it draws."""
