"""Which pixels of a mask are one object. Pure numpy, scipy and scikit-image."""
