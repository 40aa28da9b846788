"""Loading the demo project through the same services as everybody's own images."""

import io
import time
from collections.abc import Iterable

import numpy as np

from annotations.demo.pictures import DemoPicture, factin, immunohistochemistry
from annotations.errors import Rejected
from annotations.imaging.grid import patch_labels
from annotations.jobs.importing import import_image
from annotations.models import Dataset, Image, Project, Structure, User
from annotations.models.label import Answer
from annotations.services.answers.labels import label_patches
from annotations.services.datasets import create_dataset
from annotations.services.images.images import add_image
from annotations.services.projects import create_project
from annotations.services.structures import create_structure

SECONDS_TO_IMPORT = 120.0


def load_demo(*, by: User) -> list[Project]:
    """Make both demo projects with images and a first set of labels."""
    return [_tissue(by), _neurons(by)]


def _tissue(by: User) -> Project:
    project = create_project(
        by=by,
        name="Colon tissue",
        description="FHL2 in human colon, immunohistochemistry: real tissue, shipped with "
        "scikit-image. Three of four images are labelled; the answers come from colour "
        "deconvolution.",
    )
    create_structure(
        by=by,
        project=project,
        name="FHL2",
        question="Is brown staining present here?",
        colour="#e69f00",
        description="Brown (DAB) where the protein FHL2 is, against blue nuclei.",
    )
    dataset = create_dataset(by=by, project=project, name="FHL2 staining", patch_size=32)
    _fill(by, dataset, immunohistochemistry())
    return project


def _neurons(by: User) -> Project:
    project = create_project(
        by=by,
        name="F-actin in neurons (simulated)",
        description="STED images of actin rings and fibres, simulated with a known truth. "
        "Five of six images are labelled; the answers come from that truth.",
    )
    create_structure(
        by=by,
        project=project,
        name="Rings",
        question="Are periodic actin rings present here?",
        colour="#56b4e9",
        description="Stripes about 190 nm apart, across a thin neurite.",
    )
    create_structure(
        by=by,
        project=project,
        name="Fibres",
        question="Are longitudinal fibres present here?",
        colour="#d55e00",
        description="Long bundles that run along a thick neurite.",
    )
    dataset = create_dataset(by=by, project=project, name="Simulated STED", patch_size=64)
    _fill(by, dataset, factin())
    return project


def _fill(by: User, dataset: Dataset, pictures: Iterable[DemoPicture]) -> None:
    added = [(_add(by, dataset, picture), picture) for picture in pictures]
    structures = {structure.name: structure for structure in dataset.project.structures.all()}
    for image, picture in added:
        if picture.labelled:
            _label(by, image, picture, structures)


def _add(by: User, dataset: Dataset, picture: DemoPicture) -> Image:
    """Upload, then import here and now: labels need an image that is ready."""
    image = add_image(
        by=by, dataset=dataset, name=picture.name, content=io.BytesIO(picture.content)
    )
    deadline = time.monotonic() + SECONDS_TO_IMPORT
    while image.state == Image.State.IMPORTING and time.monotonic() < deadline:
        # A worker may have it already; then this returns at once.
        import_image(image.pk)
        image.refresh_from_db()
        time.sleep(0.05)
    if image.state != Image.State.READY:
        raise Rejected(f"{image.name} could not be imported. {image.error}")
    return image


def _label(by: User, image: Image, picture: DemoPicture, structures: dict[str, Structure]) -> None:
    for name, mask in picture.masks.items():
        present = patch_labels(mask, image.dataset.patch_size)
        for value, where in ((Answer.YES, present), (Answer.NO, ~present)):
            cells = [(int(row), int(column)) for row, column in np.argwhere(where)]
            if cells:
                label_patches(
                    by=by, image=image, structure=structures[name], cells=cells, value=value
                )
