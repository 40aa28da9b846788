"""A data set's images a page at a time, with what a page of thousands needs to know of the rest."""

from dataclasses import dataclass, field
from itertools import starmap

from django.db.models import Count, F

from annotations.details import FIELDS
from annotations.imaging.grid import Grid
from annotations.models import Dataset, Image, User
from annotations.models.image import ImageQuerySet
from annotations.services.left_out import count_left_out
from annotations.services.progress import answered_patches


@dataclass(frozen=True)
class Wanted:
    """Which images: a part of their names, and values of their details ("" is none)."""

    name: str = ""
    details: dict[str, str] = field(default_factory=dict)
    offset: int = 0
    limit: int = 60


@dataclass(frozen=True)
class Overview:
    """`states`, `details`, `patches` and `pages` are of the whole data set."""

    images: list[Image]
    shares: dict[int, float]
    found: int
    states: dict[str, int]
    details: dict[str, list[str]]
    patches: int
    first_ready: int | None
    # Numbers of pages of the files that do not say what theirs are.
    pages: list[int]


def dataset_overview(*, dataset: Dataset, user: User, wanted: Wanted) -> Overview:
    """A page of the images, and counts of all. The number of queries depends on neither."""
    found = _found(dataset, wanted)
    page = list(found.select_related("dataset")[wanted.offset : wanted.offset + wanted.limit])
    ready = dataset.images.ready()
    waiting = dataset.images.filter(state=Image.State.WAITING).order_by("size_z")
    return Overview(
        images=page,
        shares=_shares(page, user),
        found=found.count(),
        states=_states(dataset),
        details={name: _values(dataset, name) for name in FIELDS},
        patches=patch_count(dataset),
        first_ready=ready.values_list("pk", flat=True).first(),
        pages=list(waiting.values_list("size_z", flat=True).distinct()),
    )


def patch_count(dataset: Dataset) -> int:
    """Patches of the images that are ready, without those that are left out."""
    sizes = dataset.images.ready().order_by().values_list("height", "width")
    counted = sizes.annotate(images=Count("pk"))

    def patches(height: int, width: int, images: int) -> int:
        grid = Grid(
            height=height, width=width, patch_size=dataset.patch_size, overlap=dataset.overlap
        )
        return images * grid.rows * grid.columns

    return sum(starmap(patches, counted)) - sum(count_left_out(dataset.images.ready()).values())


def _found(dataset: Dataset, wanted: Wanted) -> ImageQuerySet:
    images = dataset.images.filter(**wanted.details)
    return images.filter(name__icontains=wanted.name) if wanted.name else images


def _states(dataset: Dataset) -> dict[str, int]:
    rows = dataset.images.order_by().values_list("state").annotate(images=Count("pk"))
    return dict.fromkeys(Image.State.values, 0) | dict(rows)


def _values(dataset: Dataset, name: str) -> list[str]:
    values = dataset.images.exclude(**{name: ""}).order_by(name)
    return list(values.values_list(F(name), flat=True).distinct())


def _shares(images: list[Image], user: User) -> dict[int, float]:
    """For each image, the share of its patches about which the user has answered something."""
    keys = [image.pk for image in images if image.state == Image.State.READY]
    shown = Image.objects.filter(pk__in=keys)
    answered, left_out = answered_patches(shown, user), count_left_out(shown)
    return {
        image.pk: _share(answered[image.pk], image.grid, left_out.get(image.pk, 0))
        for image in images
        if image.state == Image.State.READY
    }


def _share(answered: int, grid: Grid, left_out: int) -> float:
    patches = grid.rows * grid.columns - left_out
    return min(1.0, answered / patches) if patches else 0.0
