"""The image store: what the browser, training and segmentation all read."""
