"""What was made elsewhere: tables, masks and folders, taken in."""
