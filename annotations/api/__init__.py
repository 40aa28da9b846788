"""The HTTP interface of the annotations app: one view per address, its serializers inside it."""
