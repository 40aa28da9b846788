"""The tables of who and what."""

from annotations.models.dataset import Dataset
from annotations.models.image import Image
from annotations.models.label import Label, LabelChange
from annotations.models.project import Membership, Project, Role
from annotations.models.structure import Structure
from annotations.models.user import User

__all__ = [
    "Dataset",
    "Image",
    "Label",
    "LabelChange",
    "Membership",
    "Project",
    "Role",
    "Structure",
    "User",
]
