"""What the refiner learns from: votes on every pixel of the "yes" patches, made without any mask.

A "no" patch is exact: none of its pixels belongs to the structure. In a "yes" patch several cues
vote, each right in its own way: the intensity knows the edges but not the structure, the paper's
fine map and the locator's heads know the structure but blur the edges. How much a cue may say
follows from the answers:

- The intensity's share r is the error of the best cue over the error of the intensity, where a
  cue's error is one minus the area under the ROC curve of its 98th percentile in a patch: by the
  2 % rule, the pixel that decides a patch. Where intensity alone explains the answers, nothing
  that blurs gets a say.
- The other cues count by the square of their correlation with the widest head, within "yes"
  patches: a cue that does not agree with it there follows something else than the structure.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.micranet.discriminant import direction_of
from inference.micranet.metrics import area_under_curve
from inference.micranet.thresholds import COVERAGE, otsu_each

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
_FINE = 0.5  # the fine map sees 68 px and blurs most
_TOGETHER = 0.5  # the weighted sum against all single cues
_CALIBRATED = 2.0  # a head's zero holds in all patches, Otsu's cut in one


@dataclass(frozen=True, slots=True)
class Cues:
    """Maps of the "yes" patches of one structure, float32.

    Attributes:
        intensity: (N, P, P) projection of the channels on Fisher's direction.
        heads: (N, H, P, P) the locator's logits, narrowest view first.
        fine: (N, P, P) the paper's fine map, 0..1.
    """

    intensity: Floats
    heads: Floats
    fine: Floats


def standard_score(maps: Floats) -> Floats:
    """Mean 0 and standard deviation 1 per map (N, H, W); constant maps become 0."""
    mean = maps.mean(axis=(1, 2), keepdims=True)
    spread = maps.std(axis=(1, 2), keepdims=True)
    return np.asarray((maps - mean) / np.maximum(spread, 1e-6), dtype=np.float32)


def rough_direction(patches: npt.NDArray[np.floating], heads: Floats, fine: Floats) -> Floats:
    """Fisher's direction (C,) from where the widest head and the fine map point to."""
    rough = otsu_each(standard_score(heads[:, -1]) + standard_score(fine))
    return direction_of(patches, rough)


def project(patches: npt.NDArray[np.floating], direction: Floats) -> Floats:
    """Channels weighted by the direction: (N, C, P, P) to (N, P, P)."""
    projected = np.einsum("c,ncyx->nyx", direction, patches.astype(np.float32))
    return np.asarray(projected, dtype=np.float32)


def deciding(maps: Floats) -> npt.NDArray[np.float64]:
    """The value of the pixel that decides a patch by the 2 % rule: (…, P, P) to (…)."""
    flat = maps.reshape(*maps.shape[:-2], -1)
    return np.asarray(np.percentile(flat, 100 * (1 - COVERAGE), axis=-1), dtype=np.float64)


def intensity_share(deciders: npt.NDArray[np.floating], yes: Mask) -> float:
    """The share r of the intensity, 0..1.

    Args:
        deciders: (N, 1 + H) deciding values of the intensity and of the heads, per answered patch.
        yes: bool (N,) the answers.
    """
    fewer = min(int(yes.sum()), int((~yes).sum()))
    if not fewer:
        return 0.5
    # half an answer more: few answers must not make a cue look free of error
    errors = [1 - area_under_curve(column, yes) + 0.5 / fewer for column in deciders.T]
    return float(np.clip(min(errors) / errors[0], 0, 1))


def votes_of_yes(cues: Cues, share: float) -> Floats:
    """How many of the weighted votes each pixel has, 0..1: (N, P, P).

    Every cue votes with its mask by Otsu per patch, their weighted sum with its own, and every head
    with its logits above zero.
    """
    scores = [standard_score(cues.intensity)]
    scores += [standard_score(cues.heads[:, head]) for head in range(cues.heads.shape[1])]
    scores.append(standard_score(cues.fine))
    agreed = [_agreement(score, scores[-2]) for score in scores]
    local = (1 - share) * np.array(agreed) * np.array([*(1.0 for _ in scores[:-1]), _FINE])
    local[0] += share
    field = sum(weight * score for weight, score in zip(local, scores, strict=True))
    ballots = [(weight, otsu_each(score)) for weight, score in zip(local, scores, strict=True)]
    total = _TOGETHER * float(local.sum())
    ballots.append((total, otsu_each(np.asarray(field, dtype=np.float32))))
    for head, agreement in enumerate(agreed[1:-1]):
        weight = _CALIBRATED * (1 - share) * agreement
        ballots.append((weight, cues.heads[:, head] >= 0))
    return _counted(ballots)


def _agreement(score: Floats, reference: Floats) -> float:
    """Square of the mean correlation within patches; 0 where it is negative."""
    return max(float(np.mean(score * reference)), 0.0) ** 2


def _counted(ballots: list[tuple[float, Mask]]) -> Floats:
    total = sum(weight for weight, _ in ballots)
    votes = np.zeros(ballots[0][1].shape, dtype=np.float32)
    for weight, mask in ballots:
        votes += np.float32(weight / max(total, 1e-9)) * mask
    return np.clip(votes, 0, 1)
