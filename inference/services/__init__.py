"""One function for each thing a user can ask machines to do."""
