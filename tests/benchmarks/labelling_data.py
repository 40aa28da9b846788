"""A project with many patches, and with as many answers as are wanted."""

from dataclasses import dataclass

from annotations.models import Dataset, Role, Structure, User


@dataclass(frozen=True)
class Project:
    dataset: Dataset
    structure: Structure
    people: list[User]
    tokens: list[str]


def make_data(*, people: int, images: int, side: int) -> Project:
    """`images` images of `side` x `side` patches, and annotators who are signed in."""
    from annotations.models import Image
    from tests import factories

    dataset = factories.make_dataset(patch_size=64)
    structure = factories.make_structure(project=dataset.project)
    pattern = factories.make_image(dataset=dataset, height=64 * side, width=64 * side)
    fields = {
        name: getattr(pattern, name)
        for name in ("byte_count", "state", "height", "width", "dtype", "channels", "uploaded_by")
    }
    Image.objects.bulk_create(
        Image(dataset=dataset, name=f"{number:05}.tif", sha256=f"{number:064}", **fields)
        for number in range(images - 1)
    )
    members = [
        factories.make_member(project=dataset.project, role=Role.ANNOTATOR).user
        for _ in range(people)
    ]
    return Project(dataset, structure, members, [token_of(user) for user in members])


def token_of(user: User) -> str:
    """Signs the person in over HTTP."""
    from rest_framework.authtoken.models import Token

    return str(Token.objects.create(user=user).key)


def answer_all(project: Project, people: list[User]) -> int:
    """Let people have answered every patch, in ten weeks; how many answers there are now."""
    from django.db import connection

    dataset, structure = project.dataset.pk, project.structure.pk
    when = _IN_TEN_WEEKS if connection.vendor == "postgresql" else "CURRENT_TIMESTAMP"
    with connection.cursor() as cursor:
        for number, person in enumerate(people):
            # Written at once: through the interface this takes an hour.
            sql = _ANSWER.format(when=when)
            cursor.execute(sql, [structure, person.pk, number % 2, dataset])
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE annotations_label")
        cursor.execute("SELECT count(*) FROM annotations_label")
        return int(cursor.fetchone()[0])


_ANSWER = """
INSERT INTO annotations_label
(image_id, structure_id, annotator_id, "row", "column", value, updated_at)
WITH RECURSIVE series(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM series WHERE n < 255)
SELECT i.id, %s, %s, r.n, c.n,
       CASE WHEN (r.n * 31 + c.n * 17 + i.id * 7) %% 10 < 3 + %s THEN 'yes' ELSE 'no' END, {when}
FROM annotations_image i
JOIN series r ON r.n < i.height / 64
JOIN series c ON c.n < i.width / 64
WHERE i.dataset_id = %s
"""

_IN_TEN_WEEKS = """
CURRENT_TIMESTAMP - (i.id * 1024 + r.n * 32 + c.n) %% 100800 * INTERVAL '1 minute'
"""


def remember(project: Project) -> None:
    """The history of these answers, each of which took some seconds. PostgreSQL alone."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_REMEMBER, [project.dataset.patch_size])
        cursor.execute("VACUUM ANALYZE annotations_labelchange")


_REMEMBER = """
INSERT INTO annotations_labelchange
(image_id, structure_id, annotator_id, "row", "column", old, new, at, patch_size, overlap, took_ms,
 applied)
SELECT image_id, structure_id, annotator_id, "row", "column", '', value, updated_at, %s, 0,
       500 + (id * 37) %% 4000, TRUE
FROM annotations_label
"""


def expect(project: Project) -> None:
    """Scores of a model and guesses for every patch, and turns of some in every image."""
    import numpy as np

    from annotations.models import Image, LabelChange, PatchGuesses, PatchScores

    rng = np.random.default_rng(1)
    known_until = LabelChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    scores, guesses = [], []
    images = Image.objects.filter(dataset=project.dataset).select_related("dataset")
    for number, image in enumerate(images):
        shape = {"rows": image.grid.rows, "columns": image.grid.columns}
        size = image.grid.rows * image.grid.columns
        about = {"image": image, "structure": project.structure} | shape
        values = rng.random(size).astype("<f2").tobytes()
        turns = np.zeros(size, dtype="<u2")
        turns[0] = number + 1
        scores.append(PatchScores(**about, scores=values, source="Model 1"))
        guesses.append(
            PatchGuesses(**about, scores=values, turns=turns.tobytes(), known_until=known_until)
        )
    PatchScores.objects.bulk_create(scores, batch_size=200)
    PatchGuesses.objects.bulk_create(guesses, batch_size=200)


def describe(project: Project) -> str:
    """What the pixels of every patch are like; returns a patch to compare others with."""
    import numpy as np

    from annotations.models import Image
    from annotations.services.patches.described import features_file

    rng = np.random.default_rng(2)
    images = list(Image.objects.filter(dataset=project.dataset).select_related("dataset"))
    for image in images:
        image.folder.mkdir(parents=True, exist_ok=True)
        # As many numbers as a patch of one channel has.
        features = rng.random((image.grid.rows * image.grid.columns, 6)).astype(np.float16)
        np.save(features_file(image), features)
    return f"{images[0].pk}:0:0"
