"""One function for each thing a user can do with projects, images and labels."""
