"""What the database holds about handing out the patches of a data set, in one query."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection

from annotations.models import Dataset, Lease, ModelPatch, Structure
from annotations.services.joined import numbers
from annotations.services.sheets import PACKED, Positions
from annotations.services.statements import rows
from annotations.services.tally import Tally

NOWHERE: Positions = np.zeros(0, dtype=np.int64)
# A person, and what a page of theirs calls itself.
Holder = tuple[int, str]


@dataclass
class Facts:
    """Positions of patches, and shares of them.

    Attributes:
        lent: what each person has now, by the page on which they have it.
        left_out: patches that nobody is asked about.
        known: patches whose answer is known; everybody is asked, to see how well they do.
        shares: 0 to 1, for each person the data set is assigned to.
    """

    lent: dict[Holder, Positions] = field(default_factory=dict)
    left_out: Positions = field(default_factory=NOWHERE.copy)
    known: Positions = field(default_factory=NOWHERE.copy)
    shares: dict[int, float] = field(default_factory=dict)

    def lend(self, holder: Holder, positions: Positions) -> None:
        self.lent[holder] = np.concatenate([self.lent.get(holder, NOWHERE), positions])

    def end(self, person: int, positions: Positions) -> None:
        """On whichever page they have them."""
        for holder, has in self.lent.items():
            if holder[0] == person:
                self.lent[holder] = np.setdiff1d(has, positions)

    def lent_to(self, person: int) -> Positions:
        """On all their pages."""
        parts = [positions for (whose, _), positions in self.lent.items() if whose == person]
        return np.concatenate([NOWHERE, *parts])

    def lent_on(self, person: int, page: str | None) -> Positions:
        """On this page; without one it is all theirs alike."""
        if page is None:
            return self.lent_to(person)
        return self.lent.get((person, page), NOWHERE)

    def others(self, person: int) -> list[Positions]:
        """What everybody else has."""
        return [positions for (whose, _), positions in self.lent.items() if whose != person]


def read_facts(dataset: Dataset, structure: Structure, tally: Tally, now: datetime) -> Facts:
    """As it is now; loans whose time is up are over and removed."""
    facts, over = Facts(), False
    about = [structure.pk, dataset.pk]
    params: list[Any] = [now, *about, dataset.pk, ModelPatch.Use.CALIBRATION.value, *about]
    for what, person, page, patches, share in rows(_facts(), [*params, dataset.pk, structure.pk]):
        if what == "lent":
            facts.lent[person, page] = there(tally, numbers(patches))
        elif what == "left out":
            facts.left_out = there(tally, numbers(patches))
        elif what == "known":
            facts.known = there(tally, numbers(patches))
        elif what == "share":
            facts.shares[person] = share
        over |= what == "over"
    if over:
        leases = Lease.objects.filter(structure=structure, image__dataset=dataset)
        leases.filter(expires_at__lte=now).delete()
    return facts


def there(tally: Tally, keys: Positions) -> Positions:
    """Positions of packed patches that the data set has."""
    positions = tally.layout.positions(keys)
    return positions[positions >= 0]


def _facts() -> str:
    join = "STRING_AGG" if connection.vendor == "postgresql" else "GROUP_CONCAT"
    return _FACTS.format(patches=f"{join}(CAST({PACKED} AS text), ',')")


# In a group of its own what is over is not mistaken for what is lent.
_FACTS = """
SELECT CASE WHEN p.over THEN 'over' ELSE 'lent' END, p.annotator_id, p.page, {patches}, 0.0
FROM (SELECT l.*, l.expires_at <= %s AS over FROM annotations_lease l
      JOIN annotations_image i ON i.id = l.image_id
      WHERE l.structure_id = %s AND i.dataset_id = %s) p
GROUP BY p.over, p.annotator_id, p.page
UNION ALL
SELECT 'left out', 0, '', {patches}, 0.0
FROM annotations_leftout p JOIN annotations_image i ON i.id = p.image_id
WHERE i.dataset_id = %s HAVING COUNT(*) > 0
UNION ALL
SELECT 'known', 0, '', {patches}, 0.0
FROM annotations_modelpatch p JOIN annotations_image i ON i.id = p.image_id
WHERE p."use" = %s AND p.structure_id = %s AND i.dataset_id = %s HAVING COUNT(*) > 0
UNION ALL
SELECT 'share', a.annotator_id, '', '', a.share
FROM annotations_assignment a WHERE a.dataset_id = %s AND a.structure_id = %s
"""
