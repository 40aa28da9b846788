"""How many answers least-certain-first saves against random order.

``python -m tests.benchmarks.active FOLDER... [--patch 64] [--downscale 2] [--seeds 0 1 2]``

A person answers patch after patch in one of two orders: by lot, or least certain first as the
application does it: it hands out portions that grow with the answers, half of one while the other
half is answered, and makes the turns anew after every 8 answers. At checkpoints MICRA-Net's
classifier is trained on the answers so far. Its F1 is that of the patches of unseen images, cut
where it is highest: the share of yes among answers that were chosen says nothing about the images,
so the cut is a person's to move. With ``--networks 3`` it is the mean F1 of three networks that
differ in their seeds alone, because from few answers one is much of a lottery. The goal is 90 % of
the F1 that all answers of the pool give; between checkpoints the number of answers that reach it is
interpolated on a scale of ratios. JSON lines: one per order with its curve (answers, F1, yes among
them) and one with the ratio, for each folder, structure and seed, and at the end the mean ratio of
each structure (geometric) and the ratio of the mean numbers.

As in the application, patches that nobody answered teach with what is expected of them where
answers are few; with ``--alone`` the answers teach alone. With ``--upright`` patches are neither
turned nor mirrored while a network learns. ``--learner guesses`` measures the guesses themselves,
in seconds.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from annotations.guesses import guesses
from annotations.turns import RENEW_AFTER, Asked, portion, turns
from inference.micranet.classifier import Batches, predict_logits
from inference.micranet.config import TrainConfig
from inference.micranet.device import pick_device
from inference.micranet.metrics import best_cut, f1
from inference.micranet.train import train
from tests.benchmarks.active_data import Patches, cut, sides

Chosen = npt.NDArray[np.intp]
Scores = npt.NDArray[np.floating]
# Answers, by the name of the order.
Needed = dict[str, float]
Learner = Callable[[Patches, Chosen, Patches, argparse.Namespace, int], Scores]
ENOUGH = 0.9
MOST_TURNS = 512
CHECKPOINTS = [8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024]
CHECKPOINTS += [1536, 2048, 3072, 4096]


def main() -> None:
    options = parse()
    needed: dict[tuple[str, str], list[Needed]] = defaultdict(list)
    for seed in options.seeds:
        for folder in options.folders:
            found = sides(folder, images=options.images, by=options.split, seed=seed)
            for structure, seen, unseen in found:
                if options.structure in (None, structure):
                    about = {"folder": folder.name, "structure": structure, "seed": seed}
                    rng = np.random.default_rng(seed)
                    sizes = {"patch": options.patch, "downscale": options.downscale, "rng": rng}
                    pool = cut(seen, most=options.pool, **sizes)
                    rest = cut(unseen, most=options.unseen, **sizes)
                    found_out = compared(pool, rest, options, seed, about)
                    needed[folder.name, structure].append(found_out)
    for (name, structure), all_seeds in needed.items():
        summarise({"folder": name, "structure": structure}, all_seeds)


def summarise(about: dict[str, object], all_seeds: list[Needed]) -> None:
    ratios = [round(one["uncertain"] / one["random"], 3) for one in all_seeds]
    geometric = float(np.exp(np.mean(np.log(ratios))))
    say(about | {"metric": "mean_ratio", "value": round(geometric, 3), "seeds": ratios})
    means = {name: float(np.mean([one[name] for one in all_seeds])) for name in ORDERS}
    shown = {name: round(mean, 1) for name, mean in means.items()}
    ratio = round(means["uncertain"] / means["random"], 3)
    say(about | {"metric": "ratio_of_means", "value": ratio, "answers": shown})


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--structure", help="of several, this one alone")
    parser.add_argument("--patch", type=int, default=64)
    parser.add_argument("--downscale", type=int, default=2, choices=(1, 2, 4))
    parser.add_argument("--images", type=int, default=60)
    parser.add_argument("--split", choices=("image", "half"), default="image")
    parser.add_argument("--pool", type=int, default=2500)
    parser.add_argument("--unseen", type=int, default=2000)
    parser.add_argument("--checkpoints", type=int, nargs="+", default=CHECKPOINTS)
    parser.add_argument("--learner", choices=LEARNERS, default="micranet")
    parser.add_argument("--alone", action="store_true", help="teach by the answers alone")
    parser.add_argument("--upright", action="store_true", help="learn from unturned patches")
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--networks", type=int, default=1, help="whose mean F1 counts")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    return parser.parse_args()


def compared(
    pool: Patches, unseen: Patches, options: argparse.Namespace, seed: int, about: dict[str, object]
) -> Needed:
    """Answers needed in either order."""

    def reached(asked: Chosen) -> float:
        if len(np.unique(pool.yes[asked])) < 2:
            return 0.0
        learner = LEARNERS[options.learner]
        seeds = range(seed, seed + 100 * options.networks, 100)
        found = [learner(pool, asked, unseen, options, own) for own in seeds]
        reached = [f1(scores >= best_cut(scores, unseen.yes), unseen.yes) for scores in found]
        return float(np.mean(reached))

    final = reached(np.arange(len(pool.yes)))
    needed = {}
    for name, order in ORDERS.items():
        asked = order(pool, max(options.checkpoints), seed)
        curve: list[tuple[int, float]] = []
        for count in options.checkpoints:
            curve.append((count, reached(asked[:count])))
            if curve[-1][1] >= ENOUGH * final:
                break
        needed[name] = crossing(curve, ENOUGH * final)
        shares = {"pool": len(pool.yes), "share_yes": round(float(pool.yes.mean()), 3)}
        line = about | shares | {"order": name, "final_f1": round(final, 3)}
        line |= {"answers_to_90_percent": round(needed[name])}
        line |= {"reached": curve[-1][1] >= ENOUGH * final}
        yes = [int(pool.yes[asked[:count]].sum()) for count, _ in curve]
        points = zip(curve, yes, strict=True)
        say(line | {"curve": [(count, round(score, 3), said) for (count, score), said in points]})
    say(about | {"metric": "ratio", "value": round(needed["uncertain"] / needed["random"], 3)})
    return needed


def say(line: dict[str, object]) -> None:
    print(json.dumps(line), flush=True)


def crossing(curve: list[tuple[int, float]], goal: float) -> float:
    """Where a curve first reaches the goal; its last count where it does not."""
    before: tuple[int, float] | None = None
    for count, score in curve:
        if score >= goal:
            if before is None:
                return count
            part = (goal - before[1]) / (score - before[1])
            return float(before[0] * (count / before[0]) ** part)
        before = count, score
    return curve[-1][0]


def at_random(pool: Patches, most: int, seed: int) -> Chosen:
    return np.random.default_rng(1000 + seed).permutation(len(pool.yes))[:most]


def least_certain(pool: Patches, most: int, seed: int) -> Chosen:
    most = min(most, len(pool.yes))
    asked: Chosen = np.zeros(0, dtype=np.intp)
    waiting = asked
    answered, known = 0, -RENEW_AFTER
    while len(asked) < most:
        if answered - known >= RENEW_AFTER:
            waiting, known = next_turns(pool, asked, answered, seed), answered
        size = portion(answered)
        missing = size - (len(asked) - answered)
        asked = np.concatenate([asked, waiting[:missing]])
        waiting = waiting[missing:]
        answered = len(asked) - size // 2
    return asked[:most]


def next_turns(pool: Patches, asked: Chosen, answered: int, seed: int) -> Chosen:
    """While what is asked beyond the answered is in the person's hands."""
    rows, pending = asked[:answered], asked[answered:]
    yes, free = pool.yes[rows], np.ones(len(pool.yes), dtype=np.bool_)
    expected = guesses(pool.features, rows, yes, seed=seed)
    return turns(
        pool.features, Asked(rows, yes, pending), free, expected, most=MOST_TURNS, seed=seed
    )


def by_micranet(
    pool: Patches, asked: Chosen, unseen: Patches, options: argparse.Namespace, seed: int
) -> Scores:
    config = TrainConfig(
        method="paper", seed=seed, width=options.width, augment=not options.upright
    )
    data = pool.data(asked) if options.alone else pool.taught(asked, seed)
    network = train(data, config).members[0].network.eval()
    everything = np.arange(len(unseen.yes))
    batches = Batches(unseen.data(everything), pick_device(None))
    logits = predict_logits(network, batches, everything)
    return np.asarray(logits.sigmoid().cpu().numpy()[:, 0], dtype=np.float64)


def by_guesses(
    pool: Patches, asked: Chosen, unseen: Patches, options: argparse.Namespace, seed: int
) -> Scores:
    features = np.concatenate([pool.features, unseen.features])
    return guesses(features, asked, pool.yes[asked], seed=seed)[len(pool.yes) :]


ORDERS: dict[str, Callable[[Patches, int, int], Chosen]] = {
    "random": at_random,
    "uncertain": least_certain,
}
LEARNERS: dict[str, Learner] = {"micranet": by_micranet, "guesses": by_guesses}


if __name__ == "__main__":
    main()
