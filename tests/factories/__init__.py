"""Rows for tests, each made by one typed call; what a test does not care about has a default.

Rows are written as they are, without services, so that a test can set up what no user could do.
"""

from tests.factories.answers import make_label, make_reference
from tests.factories.images import disc, make_dataset, make_image, make_upload, write_files
from tests.factories.people import PASSWORD, make_member, make_project, make_structure, make_user
from tests.factories.work import make_errand, make_model, make_run, make_segmentation

__all__ = [
    "PASSWORD",
    "disc",
    "make_dataset",
    "make_errand",
    "make_image",
    "make_label",
    "make_member",
    "make_model",
    "make_project",
    "make_reference",
    "make_run",
    "make_segmentation",
    "make_structure",
    "make_upload",
    "make_user",
    "write_files",
]
