"""Reading, storing and cutting images. Pure: numpy and files, no Django."""
