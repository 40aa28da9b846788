"""What the method sees: local maps, combined map, refined map and mask of an unseen crop.

    python -m tests.benchmarks.pictures FOLDER OUT.png [--patch 64] [--downscale 2]
        [--split image|half] [--images N] [--side 192] [--seed S]

A model is trained with defaults on yes/no answers of the training part, as in
``tests.benchmarks.science``. The crop is not chosen by eye: of all crops of the unseen part it is
the first whose share of structure is nearest to a quarter.
"""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from inference.micranet.allocator import tune_allocator
from inference.micranet.config import TrainConfig
from inference.micranet.maps import LocalMapper
from inference.micranet.model import Model
from inference.micranet.pixelmap import fine_maps
from inference.micranet.preprocess import normalise, prepare
from inference.micranet.train import train
from tests.benchmarks.picture_parts import (
    FOUND,
    TRUE,
    Tile,
    key,
    outlined,
    photograph,
    sheet,
    signed,
    unsigned,
)
from tests.benchmarks.science_data import Scene, answer, read_scenes, split
from tests.benchmarks.several import maps_of, masks_of

SHARE = 0.25  # of the crop: enough to see, and enough left to see it against
Box = tuple[slice, slice]
Floats = npt.NDArray[np.float32]


def main() -> None:
    """Train, draw, save."""
    tune_allocator()
    options = parse()
    scenes = read_scenes(options.folder)[: options.images]
    seen, unseen = split(scenes, options.split, options.seed)
    answered = answer(
        seen,
        patch=options.patch,
        downscale=options.downscale,
        labels=options.labels,
        noise=0.0,
        seed=options.seed,
    )
    model = train(answered.data, TrainConfig(seed=options.seed))
    scene, box = crop(unseen, options.side)
    picture = sheet(rows_of(model, scene, box))
    picture.save(options.out, optimize=True)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--patch", type=int, default=64)
    parser.add_argument("--downscale", type=int, default=2, choices=(1, 2, 4))
    parser.add_argument("--labels", type=int, default=2000, help="answers at most")
    parser.add_argument("--split", choices=("image", "half"), default="image")
    parser.add_argument("--images", type=int, help="use the first so many images only")
    parser.add_argument("--side", type=int, default=192, help="of the crop, in px")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def crop(scenes: list[Scene], side: int) -> tuple[Scene, Box]:
    """The first whose share of structure is nearest to ``SHARE``."""
    best = min(
        (
            (abs(float(scene.mask[box].mean()) - SHARE), number, place)
            for number, scene in enumerate(scenes)
            for place, box in enumerate(boxes(scene, side))
        ),
    )
    scene = scenes[best[1]]
    return scene, boxes(scene, side)[best[2]]


def boxes(scene: Scene, side: int) -> list[Box]:
    """Crops side by side; those that would leave the image are left out."""
    height, width = scene.mask.shape
    return [
        (slice(y, y + side), slice(x, x + side))
        for y in range(0, height - side + 1, side)
        for x in range(0, width - side + 1, side)
    ]


def rows_of(model: Model, scene: Scene, box: Box) -> list[list[Tile]]:
    """Thirteen tiles and a key to their colours."""
    maps, _ = maps_of(model, scene.planes, scene.limits)
    mask = masks_of(model, maps)[0][box]
    picture = photograph(normalise(scene.planes[:, *box], scene.limits))
    local, fine = local_maps(model, scene, box)
    tiles = [Tile(signed(local[layer]), f"L{layer}") for layer in range(1, 8)]
    tiles.append(Tile(unsigned(local[8]), "L8"))
    refined = Tile(unsigned(maps[0][box] / 255), "refined map")
    return [
        [Tile(picture, "image"), *tiles[:4], Tile(unsigned(fine), "fine map"), refined],
        [
            Tile(outlined(picture, scene.mask[box], TRUE), "truth"),
            *tiles[4:],
            Tile(outlined(picture, mask, FOUND), "mask"),
            key(),
        ],
    ]


def local_maps(model: Model, scene: Scene, box: Box) -> tuple[dict[int, Floats], Floats]:
    """Raw local maps 1..8, each (h, w) at its own resolution, and the paper's fine map of the
    crop."""
    planes = prepare(scene.planes[:, *box], scene.limits, model.spec.downscale)
    batch = torch.from_numpy(planes[None]).to(model.device)
    mapper = LocalMapper(model.network)
    _, local = mapper(batch)
    present = torch.ones(1, 1, dtype=torch.bool, device=model.device)
    fine = fine_maps(mapper, batch, model.spec, present)
    arrays = {layer: found[0, 0].cpu().numpy() for layer, found in local.items()}
    return arrays, fine[0, 0].cpu().numpy()


if __name__ == "__main__":
    main()
