"""What machines do: runs, model versions, segmentations, exports."""
