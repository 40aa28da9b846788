"""Files of several planes, times and images."""
