"""Everything that can be chosen, with defaults that fit without tuning."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from inference.micranet.errors import DataRefused

Method = Literal["paper", "refined"]
Combiner = Literal["pca", "sum", "product"]
ThresholdRule = Literal["otsu", "triangle", "percentile", "fixed"]
METHODS: tuple[Method, ...] = get_args(Method)
COMBINERS: tuple[Combiner, ...] = get_args(Combiner)
RULES: tuple[ThresholdRule, ...] = get_args(ThresholdRule)
SIGNED_LAYERS = (1, 2, 3, 4, 5, 6, 7)
DOWNSCALES = (1, 2, 4)
MAX_MEMBERS = 10
# What a rule's value is when none is given, and the largest it can be.
_RULE_VALUES: Mapping[str, tuple[float, float]] = {"percentile": (80.0, 100.0), "fixed": (0.5, 1.0)}


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """How to train. ``None`` means: chosen from the size of the data.

    Attributes:
        learning_rate: the highest of a fresh training; fine-tuning takes a third of it.
        patience: epochs with a clearly higher validation loss than the lowest, in a row, after
            which a stage ends.
        width: channels of L1 and L2; 32 is the paper's. Fine-tuning keeps the earlier model's.
        members: models of different seeds whose maps and scores are averaged (1 to 10).
        positive_weights: per structure, how much more a "yes" counts than a "no"; None: from the
            answers.
        combiner, layers: of the paper's fine map; "refined" learns from that map too.
        threshold_rule, threshold_value: how the paper's maps are cut. The value is the percentile
            (0 to 100, by default 80) or the fixed threshold (0 to 1, by default 0.5).
        device: a torch device, by default a GPU when there is one.
    """

    method: Method = "refined"
    epochs: int | None = None
    refine_epochs: int | None = None
    learning_rate: float = 1e-3
    batch_size: int = 32
    patience: int = 12
    seed: int = 0
    augment: bool = True
    width: int = 32
    dropout: float = 0.5
    device: str | None = None
    members: int = 1
    positive_weights: tuple[float, ...] | None = None
    combiner: Combiner = "pca"
    layers: tuple[int, ...] = SIGNED_LAYERS
    threshold_rule: ThresholdRule = "otsu"
    threshold_value: float | None = None

    def __post_init__(self) -> None:
        _check_choice("method", self.method, METHODS)
        _check_choice("combiner", self.combiner, COMBINERS)
        _check_choice("threshold rule", self.threshold_rule, RULES)
        if self.batch_size < 1 or self.patience < 1 or self.learning_rate <= 0 or self.width < 1:
            raise DataRefused("Batch size, patience, width and learning rate must be above zero.")
        if any(count is not None and count < 1 for count in (self.epochs, self.refine_epochs)):
            raise DataRefused("The number of epochs must be at least 1.")
        if not 1 <= self.members <= MAX_MEMBERS:
            raise DataRefused(f"An ensemble has 1 to {MAX_MEMBERS} members, not {self.members}.")
        _check_positive_weights(self.positive_weights)
        _check_layers(self.layers)
        _check_rule(self)

    @property
    def rule_value(self) -> float:
        """The value of the threshold's rule, or its default; nan where the rule takes none."""
        default, _ = _RULE_VALUES.get(self.threshold_rule, (math.nan, math.nan))
        return default if self.threshold_value is None else self.threshold_value

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def _check_choice(what: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise DataRefused(f"Unknown {what} {value!r}: choose one of {', '.join(known)}.")


def _check_positive_weights(weights: tuple[float, ...] | None) -> None:
    if weights is not None and not all(math.isfinite(w) and w > 0 for w in weights):
        raise DataRefused(f"Positive weights must be numbers above zero, not {weights}.")


def _check_layers(layers: tuple[int, ...]) -> None:
    if not layers or len(set(layers)) != len(layers) or not set(layers) <= set(SIGNED_LAYERS):
        raise DataRefused(f"Layers are chosen from 1 to 7, each once and at least one: {layers}.")


def _check_rule(config: TrainConfig) -> None:
    rule, value = config.threshold_rule, config.threshold_value
    if config.method == "refined" and (rule, value) != ("otsu", None):
        raise DataRefused(
            'Refined maps are cut at 0.5: choose the method "paper" for a threshold\'s rule.'
        )
    if value is None:
        return
    if rule not in _RULE_VALUES:
        raise DataRefused(f'The threshold rule "{rule}" takes no value.')
    _, highest = _RULE_VALUES[rule]
    if not 0 <= value <= highest:
        raise DataRefused(
            f'The value of the rule "{rule}" lies between 0 and {highest:g}, not at {value}.'
        )


@dataclass(frozen=True, slots=True)
class EpochReport:
    """One finished epoch. ``epoch`` and ``epochs`` count over all stages of all members, so a bar
    never goes back; ``member`` is counted from 1. A stage keeps the weights of its last
    ``kept`` epoch.

    ``validation_f1`` holds one value per structure (nan when the validation part has no answer for
    it); in the refining stage it is the F1 of patches, computed from the map.
    """

    stage: str
    epoch: int
    epochs: int
    train_loss: float
    validation_loss: float
    validation_f1: tuple[float, ...]
    seconds: float
    member: int = 1
    members: int = 1
    kept: bool = True


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """What a model file says about itself, beside its weights.

    Attributes:
        patch_size: side of a labelled patch, in pixels of the full-resolution image.
        downscale: the network sees the image shrunk by this factor (1, 2 or 4).
        thresholds: per structure, the map value (0..1) from which a pixel belongs to it.
        decisions: per structure, the patch score (0..1) from which a patch counts as "yes".
        members: networks whose maps and scores are averaged.
        mirrored: refined maps are means over a window and its mirror image; so they are where
            mirror images belonged to the training.
        summary: figures of the training, for people.
    """

    method: Method
    channels: int
    structures: tuple[str, ...]
    patch_size: int
    downscale: int = 1
    width: int = 32
    dropout: float = 0.5
    combiner: Combiner = "pca"
    layers: tuple[int, ...] = SIGNED_LAYERS
    thresholds: tuple[float, ...] = ()
    decisions: tuple[float, ...] = ()
    members: int = 1
    mirrored: bool = True
    summary: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)
