"""Starting, cancelling and repeating runs."""
