"""Pages about what machines do: each view checks access, calls one service and answers."""
