"""A person answers in a browser while the line, the browser and the server break down in turn.

    python -m tests.benchmarks.interruptions [--rounds 50] [--seed 7]

A whole site as `manage.py up` starts it, and Chromium on a profile that stays. In each round one of
three happens in the middle of answering: the line is cut within a request that sends answers and
stays dead for a while; the browser and all its processes are killed, every other time while the
line is dead, and started again; the web server is killed, and started again by the launcher. One
JSON line per metric (``metric, value``):

    painted                 patches that bore an answer on the screen
    queued                  answers that the browser's database said it has
    acknowledged            answers of which the browser heard that the server has them
    in_database             answers in the server's history at the end
    lost_acknowledged, lost_queued      of these, not in the history at the end
    lost_painted            seen on the screen, and lost with the browser before they were queued
    duplicated              answers of the history beyond one for each patch: nobody gave a second
    other_value             patches whose answer is not the one that was seen

`saved_after_s` is how long the page took, from when everything runs again, to have all answers
acknowledged (the longest); `waiting_*` is how many were not when it broke down.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.benchmarks.gallery_data import make_gallery
from tests.benchmarks.interruptions_person import Person
from tests.benchmarks.interruptions_rounds import KINDS, Rounds
from tests.benchmarks.interruptions_truth import truth
from tests.benchmarks.whole_site import WholeSite, cookie_of, whole_site
from tests.support.chromium import chromium
from tests.support.line import Line
from tests.support.proxy import serving

# Patches for each round: a screen by one key, and those that are answered one by one.
PER_ROUND = 400


def main() -> None:
    """Print one JSON line per metric."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="micraweb-interruptions-") as folder,
        whole_site(Path(folder) / "data") as site,
        serving(Line(site.port, chance=random.Random(options.seed))) as line,
        _person(site, line, Path(folder) / "profile", PER_ROUND * options.rounds) as person,
    ):
        rounds = Rounds(site, line, person, random.Random(options.seed))
        for number in range(options.rounds):
            rounds.play(KINDS[number % len(KINDS)])
        for metric, value in {**rounds.counts(), **truth(person.diary)}.items():
            print(json.dumps({"metric": metric, "value": value}), flush=True)


@contextmanager
def _person(site: WholeSite, line: Line, profile: Path, patches: int) -> Iterator[Person]:
    """An annotator in front of so many patches, whose browser reaches the site by the line."""
    from annotations.models import Preferences
    from tests.factories import make_member

    dataset, _ = make_gallery(patches, pixels=True)
    annotator = make_member(project=dataset.project).user
    Preferences.objects.create(user=annotator, tour_seen=True)
    root = f"http://127.0.0.1:{line.port}"
    with sync_playwright() as playwright, chromium(playwright, profile) as browser:
        person = Person(browser, root, dataset.pk, cookie_of(annotator))
        person.come()
        yield person


if __name__ == "__main__":
    main()
