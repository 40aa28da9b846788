"""A small team that answers at random, and changes its mind."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from annotations.models import Dataset, Image, Label, ModelPatch, Repeat, Structure, User
from annotations.services.answers.batches import record_answers
from annotations.services.answers.given import Given
from annotations.services.left_out import leave_out
from tests.factories import make_dataset, make_image, make_member, make_structure


@dataclass
class Team:
    """Four people, two structures, three images of which two are ready."""

    dataset: Dataset
    structures: list[Structure]
    images: list[Image]
    people: list[User]
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    # Asked when a team is made: a test may have moved the clock.
    now: datetime = field(default_factory=lambda: timezone.now())
    # So many days ago is today in what they do.
    days: float = 30.0

    def work(self, answers: int, *, who: int = 4) -> None:
        """Some of them answer, change and take back, while two weeks go by."""
        for person in self.people[:who]:
            given = [self._given() for _ in range(answers)]
            record_answers(by=person, dataset=self.dataset, answers=given)
        self.days = max(0.0, self.days - 14)

    def say_again(self) -> None:
        """Somebody says now what they have said before: nothing changes but the time."""
        for old in Label.objects.order_by("updated_at")[:5]:
            patch = old.image_id, old.structure_id, old.row, old.column
            record_answers(
                by=old.annotator, dataset=self.dataset, answers=[Given(*patch, old.value)]
            )

    def know(self) -> None:
        """Known answers, second answers and patches left out."""
        image, structure, person = self.images[0], self.structures[0], self.people[0]
        where = {"image": image, "structure": structure, "row": 1}
        for column, second in enumerate(("yes", "no", "unsure")):
            ModelPatch.objects.create(
                **where, column=column, use="calibration", value=second, by=person
            )
            Repeat.objects.create(
                **where, column=column, annotator=person, first="yes", second=second, at=self.now
            )
        leave_out(by=person, image=self.images[1], cells=[(0, 0), (2, 3)])

    def upload(self) -> None:
        """An image comes before all others, one after them, and both are answered at once."""
        for name in (f"0{len(self.images):03}.tif", f"z{len(self.images):03}.tif"):
            self.images.append(
                make_image(dataset=self.dataset, name=name, height=6 * 32, width=7 * 32)
            )
            here = [self._given(self.images[-1]) for _ in range(10)]
            record_answers(by=self.people[1], dataset=self.dataset, answers=here)

    def _given(self, image: Image | None = None) -> Given:
        # Seldom taken back, and mostly the same of all, so that there is something to agree on.
        row, column = self.chance.randrange(6), self.chance.randrange(7)
        usual = "yes" if (row + column) % 3 else "no"
        at = self.now - timedelta(days=self.days, seconds=self.chance.randrange(500_000))
        return Given(
            image=(image or self.chance.choice(self.images)).pk,
            structure=self.chance.choice(self.structures).pk,
            row=row,
            column=column,
            value=self.chance.choice([usual, usual, usual, "yes", "no", "unsure", ""]),
            at=at,
            took_ms=self.chance.choice([None, 1200, 3400, 900_000]),
        )


@pytest.fixture
def team() -> Team:
    dataset = make_dataset(patch_size=32)
    # Otherwise they would not be told what is counted.
    dataset.project.blind = False
    dataset.project.save()
    make_image(dataset=dataset, state=Image.State.IMPORTING)
    return Team(
        dataset=dataset,
        structures=[make_structure(project=dataset.project) for _ in range(2)],
        images=[make_image(dataset=dataset, height=6 * 32, width=7 * 32) for _ in range(2)],
        people=[make_member(project=dataset.project).user for _ in range(4)],
    )


@pytest.fixture
def steps(team: Team) -> list[Callable[[], None]]:
    """What happens one after the other; somebody is new in the middle, and so are images."""

    def upload_and_work() -> None:
        """For those who look seldom."""
        team.upload()
        team.work(30)

    return [
        lambda: team.work(120, who=2),
        team.know,
        team.upload,
        lambda: team.work(5, who=1),
        lambda: team.work(120, who=4),
        team.upload,
        team.say_again,
        lambda: team.work(30),
        upload_and_work,
        team.say_again,
    ]
