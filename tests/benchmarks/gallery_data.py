"""Images with pixels, many patches and many answers, for the benchmark of the gallery."""

from typing import Any

SIDE, PATCH = 1024, 32
PER_IMAGE = (SIDE // PATCH) ** 2
# Different ones; the others show the same pixels.
WRITTEN = 10


def make_gallery(patches: int, *, pixels: bool) -> Any:
    """A data set of about as many patches, with its manager and a structure."""
    from annotations.models import Image
    from tests import factories

    project = factories.make_project()
    project.blind = False
    project.save()
    structure = factories.make_structure(project=project)
    dataset = factories.make_dataset(project=project, patch_size=PATCH)
    pattern = factories.make_image(dataset=dataset, height=SIDE, width=SIDE, name="00000.tif")
    fields = {
        name: getattr(pattern, name)
        for name in ("byte_count", "state", "height", "width", "dtype", "channels", "uploaded_by")
    }
    Image.objects.bulk_create(
        Image(dataset=dataset, name=f"{number:05}.tif", sha256=f"{number:064}", **fields)
        for number in range(1, -(-patches // PER_IMAGE))
    )
    if pixels:
        _write(list(dataset.images.order_by("name")))
    return dataset, structure


def _write(images: list[Any]) -> None:
    from tests import factories

    for number, image in enumerate(images):
        if number < WRITTEN:
            factories.write_files(image)
        else:
            image.folder.parent.mkdir(parents=True, exist_ok=True)
            image.folder.symlink_to(images[number % WRITTEN].folder)


def answer(dataset: Any, structure: Any, *, people: int, labels: int) -> list[Any]:
    """So many answers by so many members, each about as many of the images. PostgreSQL alone."""
    from django.db import connection

    from tests import factories

    images = list(dataset.images.order_by("pk").values_list("pk", flat=True))
    each = labels // people // PER_IMAGE
    members = [factories.make_member(project=dataset.project).user for _ in range(people)]
    for number, member in enumerate(members):
        own = [images[(number * each + step) % len(images)] for step in range(each)]
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO annotations_label
                (image_id, structure_id, annotator_id, "row", "column", value, updated_at)
                SELECT i, %s, %s, r, c, CASE WHEN (r + c) %% 5 = 0 THEN 'yes' ELSE 'no' END, now()
                FROM unnest(%s::bigint[]) i, generate_series(0, %s) r, generate_series(0, %s) c
                """,
                [structure.pk, member.pk, own, SIDE // PATCH - 1, SIDE // PATCH - 1],
            )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE annotations_label")
    return members


def score(dataset: Any, structure: Any) -> None:
    """A model's expectation of every patch."""
    import numpy as np

    from annotations.services.scores import keep_scores

    rng = np.random.default_rng(1)
    for image in dataset.images.select_related("dataset"):
        shape = image.grid.rows, image.grid.columns
        keep_scores(image=image, scores={structure.pk: rng.random(shape)}, source="Model 1")
