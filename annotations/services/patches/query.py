"""What somebody asks to be shown: which patches, in which order."""

from __future__ import annotations

from dataclasses import dataclass

from annotations.errors import Rejected
from annotations.models import Dataset, Structure
from annotations.services.sheets import Place
from annotations.services.structures import refuse_foreign

STATES = (
    "all",
    "unanswered",
    "answered",
    "mine",
    "yes",
    "no",
    "unsure",
    "disagreement",
    "left-out",
)
# Of one's own answers.
OWN_STATES = ("answered", "mine", "yes", "no", "unsure")
ORDERS = ("image", "random", "uncertain", "certain", "similar", "contradiction")
MOST = 2000


@dataclass(frozen=True)
class PatchQuery:
    structure: Structure
    state: str = "all"
    image: int | None = None
    condition: str = ""
    # Of the score, ends included.
    least: float | None = None
    most: float | None = None
    order: str = "image"
    seed: int = 0
    # The patch that others are compared with in the order "similar".
    like: Place | None = None
    cursor: str = ""
    limit: int = 200

    @property
    def is_ranged(self) -> bool:
        return self.least is not None or self.most is not None

    @property
    def tells_scores(self) -> bool:
        """Whether the answer tells what a model or others say.

        Orders by certainty tell not which way a model leans, so they stay open to everybody.
        """
        return self.is_ranged or self.state == "disagreement" or self.order == "contradiction"

    @property
    def needs_scores(self) -> bool:
        """Whether scores of all patches decide which are shown, or when."""
        return self.is_ranged or self.order in ("uncertain", "certain")

    def check(self, dataset: Dataset) -> None:
        refuse_foreign(self.structure, dataset)
        if self.order == "similar" and self.like is None:
            raise Rejected("Say which patch others should be like.", field="like")
