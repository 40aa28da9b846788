"""What the refiner learns from: votes on every pixel of the "yes" patches, made without any mask.

A "no" patch is exact: none of its pixels belongs to the structure. In a "yes" patch several cues
vote, each right in its own way: the intensity knows the edges but not the structure, the paper's
fine map and the locator's heads know the structure but blur the edges, which the guided filter
takes back from the image. How much a cue may say follows from the answers:

- The intensity's share r is the error of the best cue over the error of the intensity, where a
  cue's error is one minus the area under the ROC curve of its 98th percentile in a patch: by the
  2 % rule, the pixel that decides a patch. Where intensity alone explains the answers, nothing
  that blurs gets a say.
- The other cues count by the square of their correlation with the head of 9 px, within "yes"
  patches: a cue that does not agree with it there follows something else than the structure. The
  widest head, which alone knows the inside of large objects, counts twice.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.micranet.discriminant import direction_of
from inference.micranet.metrics import area_under_curve
from inference.micranet.thresholds import COVERAGE, otsu_each

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
REFERENCE = 2  # the head of 9 px: narrower ones know less, the wider one blurs
_FINE = 0.5  # the fine map sees 68 px and blurs most
_WIDEST = 2.0
_TOGETHER = 0.5  # the weighted sum against all single cues
_CALIBRATED = 2.0  # a head's zero holds in all patches, Otsu's cut in one


@dataclass(frozen=True, slots=True)
class Cues:
    """Maps of the "yes" patches of one structure, float32.

    Attributes:
        intensity: (N, P, P) projection of the channels on Fisher's direction.
        heads: (N, H, P, P) the locator's logits, narrowest view first, and
        fine: (N, P, P) the paper's fine map, all redrawn by the guided filter.
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
    """Fisher's direction (C,) from where the head of 9 px and the fine map point to."""
    rough = otsu_each(standard_score(heads[:, REFERENCE]) + standard_score(fine))
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

    Every head votes with its logits above zero, the intensity, the fine map and the weighted sum of
    all cues with their masks by Otsu per patch.
    """
    heads = [standard_score(cues.heads[:, head]) for head in range(cues.heads.shape[1])]
    scores = [standard_score(cues.intensity), *heads, standard_score(cues.fine)]
    weights = (1 - share) * _say(scores, heads[REFERENCE])
    weights[0] += share
    field = sum(weight * score for weight, score in zip(weights, scores, strict=True))
    together = _TOGETHER * float(weights.sum())
    ballots = [(together, otsu_each(np.asarray(field, dtype=np.float32)))]
    ballots += [(weights[k], otsu_each(scores[k])) for k in (0, -1)]
    calibrated = zip(_CALIBRATED * weights[1:-1], cues.heads.swapaxes(0, 1), strict=True)
    ballots += [(weight, head >= 0) for weight, head in calibrated]
    return _counted(ballots)


def _say(scores: list[Floats], reference: Floats) -> npt.NDArray[np.float64]:
    """What each cue may say where intensity explains nothing: intensity, heads, fine map."""
    say = np.array([_agreement(score, reference) for score in scores])
    say[-2] *= _WIDEST
    say[-1] *= _FINE
    return say


def _agreement(score: Floats, reference: Floats) -> float:
    """Square of the mean correlation within patches; 0 where it is negative."""
    return max(float(np.mean(score * reference)), 0.0) ** 2


def _counted(ballots: list[tuple[float, Mask]]) -> Floats:
    total = sum(weight for weight, _ in ballots)
    votes = np.zeros(ballots[0][1].shape, dtype=np.float32)
    for weight, mask in ballots:
        votes += np.float32(weight / max(total, 1e-9)) * mask
    return np.clip(votes, 0, 1)
