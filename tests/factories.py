"""Rows for tests, each made by one typed call; what a test does not care about has a default.

Rows are written as they are, without services, so that a test can set up what no user could do.
"""

from functools import cache
from itertools import count
from typing import Any
from uuid import uuid4

import numpy as np
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from annotations.imaging.header import ImageHeader
from annotations.imaging.store import open_store, write_store
from annotations.imaging.thumbnail import write_thumbnail
from annotations.models import (
    Dataset,
    Errand,
    Image,
    Label,
    Membership,
    Project,
    Reference,
    Role,
    Structure,
    Upload,
    User,
    Work,
)
from annotations.models.label import Answer
from inference.models import ModelStructure, ModelVersion, Run, Segmentation

PASSWORD = "correct horse battery"
_numbers = count(1)
_CHANNEL = {"name": "Channel 1", "colour": "ffffff", "low": 0.0, "high": 1000.0}


def make_user(username: str = "", **fields: Any) -> User:
    username = username or f"user{next(_numbers)}"
    fields = {"email": f"{username}@example.org", "password": _hashed_password()} | fields
    return User.objects.create(username=username, **fields)


@cache
def _hashed_password() -> str:
    """Hashed once for all users: it is slow on purpose."""
    return make_password(PASSWORD)


def make_project(*, manager: User | None = None, name: str = "", description: str = "") -> Project:
    manager = manager or make_user()
    project = Project.objects.create(
        name=name or f"Project {next(_numbers)}", description=description, created_by=manager
    )
    make_member(project=project, user=manager, role=Role.MANAGER)
    return project


def make_member(
    *, project: Project, user: User | None = None, role: Role = Role.ANNOTATOR
) -> Membership:
    return Membership.objects.create(project=project, user=user or make_user(), role=role)


def make_structure(
    *, project: Project | None = None, name: str = "", colour: str = "#e69f00"
) -> Structure:
    name = name or f"structure {next(_numbers)}"
    return Structure.objects.create(
        project=project or make_project(),
        name=name,
        question=f"Is {name} present here?",
        colour=colour,
    )


def make_dataset(
    *,
    project: Project | None = None,
    name: str = "",
    patch_size: int = 32,
    overlap: int = 0,
    **fields: Any,
) -> Dataset:
    project = project or make_project()
    return Dataset.objects.create(
        project=project,
        name=name or f"Data set {next(_numbers)}",
        patch_size=patch_size,
        overlap=overlap,
        created_by=project.created_by,
        **fields,
    )


def make_image(
    *,
    dataset: Dataset | None = None,
    name: str = "",
    height: int = 64,
    width: int = 96,
    state: Image.State = Image.State.READY,
    error: str = "",
    store: bool = False,
    **fields: Any,
) -> Image:
    """An image row of one uint16 channel; with `store`, also the files behind it."""
    dataset = dataset or make_dataset()
    image = Image.objects.create(
        dataset=dataset,
        name=name or f"image{next(_numbers)}.tif",
        sha256=uuid4().hex * 2,
        byte_count=height * width * 2,
        state=state,
        error=error,
        height=height,
        width=width,
        dtype="uint16",
        uploaded_by=dataset.created_by,
        **{"channels": [_CHANNEL]} | fields,
    )
    if store:
        write_files(image)
    return image


def make_upload(
    *,
    dataset: Dataset | None = None,
    by: User | None = None,
    name: str = "a.png",
    content: bytes = b"",
    **fields: Any,
) -> Upload:
    """An upload of which `content` is here; announced is as much, unless a test says otherwise."""
    dataset = dataset or make_dataset()
    upload = Upload.objects.create(
        dataset=dataset,
        by=by or dataset.created_by,
        name=name,
        **{"byte_count": len(content)} | fields,
    )
    upload.path.parent.mkdir(parents=True, exist_ok=True)
    upload.path.write_bytes(content)
    return upload


def write_files(image: Image) -> None:
    """Give an image a store and a thumbnail: a bright disc on noise, the same for every call."""
    planes = disc(image.height, image.width)[None]
    header = ImageHeader(
        width=image.width,
        height=image.height,
        channels=1,
        dtype="uint16",
        channel_names=("Channel 1",),
        channel_colours=("FFFFFF",),
        pixel_size_um=image.pixel_size_um,
        is_rgb=False,
        format="tiff",
    )
    image.folder.mkdir(parents=True)
    write_store(planes, image.store, header=header)
    write_thumbnail(
        open_store(image.store),
        image.thumbnail,
        limits=image.limits,
        colours=("FFFFFF",),
        is_rgb=False,
    )


def disc(height: int, width: int) -> np.ndarray[Any, np.dtype[np.uint16]]:
    """(H, W) uint16: about 100 outside, about 900 inside a disc around the centre."""
    y, x = np.mgrid[:height, :width]
    radius = np.hypot(y - height / 2, x - width / 2)
    noise = np.random.default_rng(7).integers(0, 50, (height, width))
    return (np.where(radius < min(height, width) / 4, 900, 100) + noise).astype(np.uint16)


def make_reference(
    *, image: Image, structure: Structure, origin: str = Reference.Origin.MASK
) -> Reference:
    """A reference row; its labels are not on disk."""
    return Reference.objects.create(
        image=image,
        structure=structure,
        origin=origin,
        name="nuclei.png",
        object_count=3,
        area_px=70,
        created_by=image.dataset.created_by,
    )


def make_label(
    *,
    image: Image,
    structure: Structure,
    annotator: User,
    row: int = 0,
    column: int = 0,
    value: Answer = Answer.YES,
) -> Label:
    return Label.objects.create(
        image=image,
        structure=structure,
        annotator=annotator,
        row=row,
        column=column,
        value=value,
        updated_at=timezone.now(),
    )


def make_run(
    *,
    dataset: Dataset | None = None,
    kind: Run.Kind = Run.Kind.TRAIN,
    state: Run.State = Run.State.QUEUED,
    **fields: Any,
) -> Run:
    """A run in the given state, with the times and reasons which that state demands."""
    dataset = dataset or make_dataset()
    fields = {"created_by": dataset.created_by} | _of_state(state) | fields
    return Run.objects.create(dataset=dataset, kind=kind, state=state, **fields)


def _of_state(state: Work.State) -> dict[str, Any]:
    """What the database demands of work in a state."""
    now = timezone.now()
    if state == Work.State.QUEUED:
        return {}
    if state == Work.State.RUNNING:
        return {"started_at": now, "heartbeat_at": now, "claim": uuid4()}
    reason = {"error": "The disk is full."} if state == Work.State.FAILED else {}
    return {"started_at": now, "finished_at": now} | reason


def make_errand(
    *,
    dataset: Dataset | None = None,
    kind: Errand.Kind = Errand.Kind.EMPTIES,
    state: Errand.State = Errand.State.QUEUED,
    content: bytes | None = None,
    **fields: Any,
) -> Errand:
    """An errand in the given state, with the times and reasons which that state demands.

    With `content`, its file is here.
    """
    dataset = dataset or make_dataset()
    given = {"created_by": dataset.created_by, "params": {"images": []}}
    fields = given | _of_state(state) | fields
    errand = Errand.objects.create(dataset=dataset, kind=kind, state=state, **fields)
    if content is not None:
        errand.path.parent.mkdir(parents=True, exist_ok=True)
        errand.path.write_bytes(content)
    return errand


def make_model(
    *,
    dataset: Dataset | None = None,
    structures: list[Structure] | None = None,
    threshold: float = 0.5,
    history: list[dict[str, Any]] | None = None,
) -> ModelVersion:
    """A model row with the finished training behind it; its weights are not on disk."""
    dataset = dataset or make_dataset()
    number = dataset.model_versions.count() + 1
    model = ModelVersion.objects.create(
        dataset=dataset,
        number=number,
        name=f"Model {number}",
        run=make_run(dataset=dataset, state=Run.State.DONE, progress=1, history=history or []),
    )
    if structures is None:
        structures = [make_structure(project=dataset.project)]
    for position, structure in enumerate(structures):
        ModelStructure.objects.create(
            model=model, structure=structure, position=position, threshold=threshold
        )
    return model


def make_segmentation(
    *,
    image: Image,
    model: ModelVersion,
    structure: Structure,
    object_count: int = 3,
    area_px: int = 600,
    threshold: float = 0.5,
) -> Segmentation:
    return Segmentation.objects.create(
        image=image,
        model=model,
        structure=structure,
        threshold=threshold,
        patch_size=image.dataset.patch_size,
        overlap=image.dataset.overlap,
        object_count=object_count,
        area_px=area_px,
    )
