"""How many of a few wrong answers the doubts of a model bring to the top.

``python -m tests.benchmarks.contradictions FOLDER... [--patch 64] [--seeds 0 1 2] [--ways seen]``

A share of the answers is turned round at random among the patches of all images; a model is
trained on them, as the application does, and ranks every answer. One JSON line per folder, seed and
way: "seen" ranks by a model that was trained on these very answers, "unseen" by two models, each
of which learnt from the other half of the images.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from annotations.doubts import doubts
from inference.micranet.classifier import Batches, predict_logits
from inference.micranet.config import TrainConfig
from inference.micranet.data import TrainingData
from inference.micranet.device import pick_device
from inference.micranet.train import train
from tests.benchmarks.science_data import answer, read_scenes

Scores = npt.NDArray[np.float64]
TOP = 0.05


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--patch", type=int, default=64)
    parser.add_argument("--downscale", type=int, default=2)
    parser.add_argument("--images", type=int, default=30)
    parser.add_argument("--planted", type=float, default=0.02)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--ways", nargs="+", choices=tuple(WAYS), default=list(WAYS))
    options = parser.parse_args()
    for folder in options.folders:
        for seed in options.seeds:
            for line in measure(folder, seed, options):
                print(json.dumps(line), flush=True)


def measure(folder: Path, seed: int, options: argparse.Namespace) -> Iterator[dict[str, object]]:
    """The lines of one folder and seed."""
    scenes = read_scenes(folder)[: options.images]
    answered = answer(
        scenes,
        patch=options.patch,
        downscale=options.downscale,
        labels=10**9,
        noise=0.0,
        seed=seed,
    )
    data, planted = plant(answered.data, options.planted, seed)
    for way in options.ways:
        start = time.perf_counter()
        ranked = doubts(WAYS[way](data, seed), data.labels[:, 0] > 0.5)
        yield {
            "folder": folder.name,
            "seed": seed,
            "scores": way,
            "answers": len(planted),
            "planted": int(planted.sum()),
            "found_in_top_5_percent": round(found(ranked, planted, TOP), 3),
            "seconds": round(time.perf_counter() - start, 1),
        }


def plant(
    data: TrainingData, share: float, seed: int
) -> tuple[TrainingData, npt.NDArray[np.bool_]]:
    """Turn a share of the answers round; which ones is the second value."""
    count = len(data.labels)
    chosen = np.random.default_rng(seed + 1).permutation(count)[: round(share * count)]
    planted = np.zeros(count, dtype=bool)
    planted[chosen] = True
    labels = np.where(planted[:, None], 1 - data.labels, data.labels)
    return replace(data, labels=labels), planted


def found(ranked: Scores, planted: npt.NDArray[np.bool_], share: float) -> float:
    """Share of the planted answers among the most doubted ones."""
    top = np.argsort(-ranked, kind="stable")[: max(1, round(share * len(ranked)))]
    return float(planted[top].sum() / planted.sum())


def score_seen(data: TrainingData, seed: int) -> Scores:
    """Scores of one model of all answers, split as they are."""
    return _scores(data, data, seed)


def score_unseen(data: TrainingData, seed: int) -> Scores:
    """Each half scored by a model of the other half, in the order of the patches at random."""
    half = np.random.default_rng(seed + 2).permutation(len(data.labels)) % 2 == 0
    scores = np.empty(len(half))
    for part in (half, ~half):
        scores[~part] = _scores(_only(data, part), _only(data, ~part), seed)
    return scores


def _only(data: TrainingData, part: npt.NDArray[np.bool_]) -> TrainingData:
    return replace(
        data,
        patches=data.patches[part],
        labels=data.labels[part],
        validation=data.validation[part],
    )


def _scores(learnt: TrainingData, asked: TrainingData, seed: int) -> Scores:
    model = train(learnt, TrainConfig(method="paper", seed=seed))
    network = model.members[0].network.eval()
    batches = Batches(asked, pick_device(None))
    logits = predict_logits(network, batches, np.arange(len(asked.labels)))
    return np.asarray(logits.sigmoid().cpu().numpy()[:, 0], dtype=np.float64)


WAYS: dict[str, Callable[[TrainingData, int], Scores]] = {
    "seen": score_seen,
    "unseen": score_unseen,
}


if __name__ == "__main__":
    main()
