"""What is kept in a process is what the database says."""
