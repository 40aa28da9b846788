"""What was found of empty patches in a data set, image by image."""

from dataclasses import dataclass

from annotations.models import Dataset, Image, Structure, User
from annotations.services.clearing import open_empties
from annotations.services.empty import is_known, known_empty


@dataclass(frozen=True)
class EmptiesOf:
    """An image's empty patches, and how many of them are neither answered nor left out.

    Both are None where nobody has looked yet.
    """

    image: Image
    empty: int | None
    open: int | None


@dataclass(frozen=True)
class EmptiesOverview:
    """A page of the images by name; `found` ready ones there are, and in `looked` somebody has."""

    images: list[EmptiesOf]
    found: int
    looked: int


def empties_overview(
    *, by: User, dataset: Dataset, structure: Structure | None, offset: int, limit: int
) -> EmptiesOverview:
    """With `structure`, open is what `by` has not answered about it; else what nobody has."""
    ready = list(dataset.images.ready().select_related("dataset").order_by("name", "pk"))
    page = ready[offset : offset + limit]
    still = open_empties(by=by, structure=structure, images=page)
    return EmptiesOverview(
        images=[_of(image, len(still[image.pk])) for image in page],
        found=len(ready),
        looked=sum(is_known(image) for image in ready),
    )


def _of(image: Image, still: int) -> EmptiesOf:
    found = known_empty(image=image)
    if found is None:
        return EmptiesOf(image, None, None)
    return EmptiesOf(image, int(found.sum()), still)
