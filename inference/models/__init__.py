"""The tables of what machines do."""

from inference.models.model_version import ModelStructure, ModelVersion
from inference.models.reference_score import ReferenceScore
from inference.models.run import Run
from inference.models.segmentation import Segmentation

__all__ = ["ModelStructure", "ModelVersion", "ReferenceScore", "Run", "Segmentation"]
