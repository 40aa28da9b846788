"""The tables of who and what."""

from annotations.models.dataset import Dataset, Projection
from annotations.models.display import DisplaySettings
from annotations.models.errand import Errand
from annotations.models.grid import FormerGrid, FormerLabel
from annotations.models.image import Image
from annotations.models.label import Label, LabelChange
from annotations.models.left_out import LeftOut
from annotations.models.plan import Assignment, LabellingPlan, Lease, Repeat
from annotations.models.preferences import Preferences
from annotations.models.project import Membership, Project, Role
from annotations.models.reference import Reference
from annotations.models.review import Decision, ModelPatch, Remark
from annotations.models.scores import PatchGuesses, PatchScores
from annotations.models.structure import Structure
from annotations.models.upload import Upload
from annotations.models.user import User
from annotations.models.work import Work

__all__ = [
    "Assignment",
    "Dataset",
    "Decision",
    "DisplaySettings",
    "Errand",
    "FormerGrid",
    "FormerLabel",
    "Image",
    "Label",
    "LabelChange",
    "LabellingPlan",
    "Lease",
    "LeftOut",
    "Membership",
    "ModelPatch",
    "PatchGuesses",
    "PatchScores",
    "Preferences",
    "Project",
    "Projection",
    "Reference",
    "Remark",
    "Repeat",
    "Role",
    "Structure",
    "Upload",
    "User",
    "Work",
]
