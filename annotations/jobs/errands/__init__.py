"""What a worker does of what people ask for: errands, from claim to end."""
