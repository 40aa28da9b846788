"""Files that are sent over HTTP, by tus."""
