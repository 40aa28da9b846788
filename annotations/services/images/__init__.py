"""Images: how they arrive, what is known of them, and how they go."""
