"""One project with everything in it, and everybody who might ask for it."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from annotations.imaging.store.maps import write_map
from annotations.models import (
    Assignment,
    Dataset,
    Image,
    Membership,
    ModelPatch,
    Reference,
    Remark,
    Role,
    Structure,
    User,
)
from annotations.models.label import Answer
from inference.jobs.keeping import measured, write_objects
from inference.models import ModelVersion, Run, Segmentation
from inference.objects.choice import AUTOMATIC
from tests.factories import (
    disc,
    make_dataset,
    make_image,
    make_label,
    make_member,
    make_model,
    make_project,
    make_reference,
    make_run,
    make_segmentation,
    make_structure,
    make_user,
    write_files,
)

Who = Literal["anonymous", "stranger", "viewer", "annotator", "manager"]
EVERYBODY: tuple[Who, ...] = ("anonymous", "stranger", "viewer", "annotator", "manager")


@dataclass
class World:
    people: dict[Who, User | None]
    member: Membership
    structure: Structure
    unused: Structure
    dataset: Dataset
    images: list[Image]
    reference: Reference
    model: ModelVersion
    segmentation: Segmentation
    queued: Run
    failed: Run
    export: Run

    @property
    def assignment(self) -> Assignment:
        """One of the annotator, made when somebody asks for it."""
        found, _ = Assignment.objects.get_or_create(
            dataset=self.dataset, structure=self.structure, annotator=self.people["annotator"]
        )
        return found

    @property
    def remark(self) -> Remark:
        """Sent back to the annotator."""
        found, _ = Remark.objects.get_or_create(
            **self._patch, by=self.dataset.created_by, sent_to=self.people["annotator"]
        )
        return found

    @property
    def model_patch(self) -> ModelPatch:
        found, _ = ModelPatch.objects.get_or_create(
            **self._patch, by=self.dataset.created_by, use="example", value="yes"
        )
        return found

    @property
    def _patch(self) -> dict[str, Any]:
        return {"image": self.image, "structure": self.structure, "row": 0, "column": 0}

    @property
    def image(self) -> Image:
        return self.images[0]

    def write_files(self) -> None:
        """The files of the image, the segmentation and the export."""
        write_files(self.image)
        write_results(self.segmentation)
        self.export.folder.mkdir(parents=True)
        self.export.bundle.write_bytes(b"PK\x05\x06" + bytes(18))


def make_world() -> World:
    people: dict[Who, User | None] = {who: make_user() for who in EVERYBODY}
    people["anonymous"] = None
    project = make_project(manager=people["manager"])
    make_member(project=project, user=people["annotator"], role=Role.ANNOTATOR)
    make_member(project=project, user=people["viewer"], role=Role.VIEWER)
    # The stranger is no newcomer: a manager, elsewhere.
    make_dataset(project=make_project(manager=people["stranger"]))
    structure = make_structure(project=project)
    dataset = make_dataset(project=project)
    images = [_labelled_image(dataset, structure) for _ in range(2)]
    model = make_model(dataset=dataset, structures=[structure])
    uses: dict[str, Any] = {"dataset": dataset, "kind": Run.Kind.EXPORT, "uses": model}
    return World(
        people=people,
        member=make_member(project=project),
        structure=structure,
        unused=make_structure(project=project),
        dataset=dataset,
        images=images,
        reference=make_reference(image=images[0], structure=structure),
        model=model,
        segmentation=make_segmentation(image=images[0], model=model, structure=structure),
        queued=make_run(dataset=dataset),
        failed=make_run(dataset=dataset, state=Run.State.FAILED),
        export=make_run(state=Run.State.DONE, progress=1, params={"answers": False}, **uses),
    )


def write_results(segmentation: Segmentation) -> None:
    """A map that follows the disc of the image, patch scores and objects."""
    image = segmentation.image
    if not image.store.exists():
        write_files(image)
    map_ = np.where(disc(image.height, image.width) > 500, 200, 20).astype(np.uint8)
    segmentation.folder.mkdir(parents=True)
    write_map(map_, segmentation.map, pixel_size_um=None, name="structure")
    scores = np.linspace(0, 1, image.grid.rows * image.grid.columns, dtype=np.float32)
    np.save(segmentation.patch_scores, scores.reshape(image.grid.rows, image.grid.columns))
    write_objects(segmentation.objects_table, measured(segmentation, 0.5, AUTOMATIC))


def _labelled_image(dataset: Dataset, structure: Structure) -> Image:
    image = make_image(dataset=dataset)
    for column, value in enumerate((Answer.YES, Answer.NO)):
        make_label(
            image=image,
            structure=structure,
            annotator=dataset.created_by,
            column=column,
            value=value,
        )
    return image
