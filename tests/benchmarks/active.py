"""How many answers least-certain-first saves against random order.

``python -m tests.benchmarks.active FOLDER... [--patch 64] [--downscale 2] [--batch 16]``

A person answers batch after batch; after each one the classifier is trained anew on all answers
so far and says which patches it is least certain of. Its F1 is measured on the patches of images
that were never asked about. One JSON line per folder, order and seed: how many answers it took to
reach 90 % of the F1 that all answers of the pool give; and one line with the ratio.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inference.micranet.classifier import Batches, predict_logits
from inference.micranet.config import TrainConfig
from inference.micranet.data import TrainingData
from inference.micranet.device import pick_device
from inference.micranet.metrics import f1
from inference.micranet.train import train
from tests.benchmarks.blood_data import CLASSES, answered, read_smears, split_smears
from tests.benchmarks.science_data import answer, read_scenes, split

Chosen = npt.NDArray[np.intp]
Scores = npt.NDArray[np.float64]
Order = Callable[[Scores, np.random.Generator], Chosen]
ENOUGH = 0.9


def main() -> None:
    options = parse()
    for folder, name, pool, unseen in sets(options):
        final = reached(pool, np.arange(len(pool.labels)), unseen, options.seed)[0]
        needed = {}
        for order, choose in ORDERS.items():
            curve = simulate(pool, unseen, choose, final * ENOUGH, options)
            needed[order] = curve[-1][0]
            line = {
                "folder": folder.name,
                "structure": name,
                "order": order,
                "pool": len(pool.labels),
                "final_f1": round(final, 3),
                "answers_to_90_percent": needed[order],
                "reached": curve[-1][1] >= final * ENOUGH,
                "curve": [[count, round(score, 3)] for count, score in curve],
            }
            print(json.dumps(line), flush=True)
        ratio = needed["uncertain"] / needed["random"]
        line = {"folder": folder.name, "structure": name, "ratio_to_random": round(ratio, 3)}
        print(json.dumps(line), flush=True)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--patch", type=int, default=64)
    parser.add_argument("--downscale", type=int, default=2, choices=(1, 2, 4))
    parser.add_argument("--images", type=int, default=30)
    parser.add_argument("--split", choices=("image", "half"), default="image")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def sets(
    options: argparse.Namespace,
) -> Iterator[tuple[Path, str, TrainingData, TrainingData]]:
    """Folder, structure, the pool to be asked about, and the patches to measure on."""
    for folder in options.folders:
        if not (folder / "boxes.csv").exists():
            yield folder, "", *read(folder, options)
            continue
        seen, unseen = split_smears(read_smears(folder)[: options.images], options.seed)
        sizes = {"patch": options.patch, "downscale": options.downscale}
        pool, rest = answered(seen, **sizes), answered(unseen, **sizes)
        for number, name in enumerate(CLASSES):
            yield folder, name, _one(pool, number), _one(rest, number)


def _one(data: TrainingData, structure: int) -> TrainingData:
    kept = slice(structure, structure + 1)
    return replace(data, labels=data.labels[:, kept], structures=data.structures[kept])


def read(folder: Path, options: argparse.Namespace) -> tuple[TrainingData, TrainingData]:
    """The pool to be asked about, and the patches to measure on."""
    seen, unseen = split(read_scenes(folder)[: options.images], options.split, options.seed)

    def patches(scenes: list) -> TrainingData:  # type: ignore[type-arg]
        return answer(
            scenes,
            patch=options.patch,
            downscale=options.downscale,
            labels=10**9,
            noise=0.0,
            seed=options.seed,
        ).data

    return patches(seen), patches(unseen)


def simulate(
    pool: TrainingData,
    unseen: TrainingData,
    order: Order,
    goal: float,
    options: argparse.Namespace,
) -> list[tuple[int, float]]:
    """(answers, F1 on the unseen patches) after each batch, until the goal is reached."""
    rng = np.random.default_rng(options.seed)
    asked = _first(pool, rng, options.batch)
    curve = []
    for _ in range(options.rounds):
        score, scores = reached(pool, asked, unseen, options.seed)
        curve.append((len(asked), score))
        if score >= goal:
            break
        scores[asked] = np.nan
        asked = np.concatenate([asked, order(scores, rng)[: options.batch]])
    return curve


def _first(pool: TrainingData, rng: np.random.Generator, count: int) -> Chosen:
    """The first batch at random, grown until it holds a yes and a no."""
    shuffled = rng.permutation(len(pool.labels))
    while len(np.unique(pool.labels[shuffled[:count]])) < 2:
        count += 1
    return shuffled[:count]


def reached(
    pool: TrainingData, asked: Chosen, unseen: TrainingData, seed: int
) -> tuple[float, Scores]:
    """F1 on the unseen patches after training on the answers, and the scores of the whole pool."""
    # So few answers leave none to measure on: every fifth one, as in the application.
    validation = np.arange(len(asked)) % 5 == 4
    learnt = replace(
        pool, patches=pool.patches[asked], labels=pool.labels[asked], validation=validation
    )
    labels = learnt.labels[~validation]
    if len(np.unique(labels)) < 2:
        learnt = replace(learnt, validation=np.zeros(len(asked), dtype=bool))
    model = train(learnt, TrainConfig(method="paper", seed=seed))
    network = model.members[0].network.eval()
    score = f1(_scores(network, unseen) >= 0.5, unseen.labels[:, 0] > 0.5)
    return score, _scores(network, pool)


def _scores(network, data: TrainingData) -> Scores:  # type: ignore[no-untyped-def]
    batches = Batches(data, pick_device(None))
    logits = predict_logits(network, batches, np.arange(len(data.labels)))
    return np.asarray(logits.sigmoid().cpu().numpy()[:, 0], dtype=np.float64)


def at_random(scores: Scores, rng: np.random.Generator) -> Chosen:
    return rng.permutation(np.flatnonzero(~np.isnan(scores)))


def least_certain(scores: Scores, rng: np.random.Generator) -> Chosen:
    return np.argsort(np.abs(scores - 0.5), kind="stable")


ORDERS: dict[str, Order] = {"random": at_random, "uncertain": least_certain}


if __name__ == "__main__":
    main()
