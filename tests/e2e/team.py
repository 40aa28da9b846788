"""A team with images to label."""

from dataclasses import dataclass

from annotations.models import Dataset, Image, Project, Role, Structure, User
from tests import factories
from tests.e2e.people import experienced


@dataclass
class Team:
    """Alice manages, Bob and Carol answer; 3 images of 64 patches, two structures."""

    project: Project
    dataset: Dataset
    rings: Structure
    spots: Structure
    images: list[Image]
    alice: User
    bob: User
    carol: User


def make_team(*, blind: bool = True) -> Team:
    alice = factories.make_user("alice")
    project = factories.make_project(manager=alice, name="Membranes")
    project.blind = blind
    project.save()
    people = [factories.make_user("bob"), factories.make_user("carol")]
    for person in people:
        factories.make_member(project=project, user=person, role=Role.ANNOTATOR)
    rings = factories.make_structure(project=project, name="Rings")
    spots = factories.make_structure(project=project, name="Spots", colour="#56b4e9")
    dataset = factories.make_dataset(project=project, name="Slide 1", patch_size=32)
    images = [
        factories.make_image(
            dataset=dataset, name=f"cell {number}.tif", height=256, width=256, store=True
        )
        for number in (1, 2, 3)
    ]
    for person in (alice, *people):
        experienced(person)
    return Team(project, dataset, rings, spots, images, alice, *people)
