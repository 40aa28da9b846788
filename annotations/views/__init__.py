"""Pages about who and what: each view checks access, calls one service and answers."""
