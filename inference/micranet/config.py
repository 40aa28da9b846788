"""Everything that can be chosen, with defaults that fit without tuning."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from inference.micranet.errors import DataRefused

Method = Literal["paper", "refined"]
Combiner = Literal["pca", "sum", "product"]
METHODS: tuple[Method, ...] = ("paper", "refined")
DOWNSCALES = (1, 2, 4)


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """How to train. ``None`` means: chosen from the size of the data.

    ``width`` is the channel count of L1 and L2; 32 is the paper's network. ``patience`` counts
    epochs without a lower validation loss. ``device`` is a torch device, by default a GPU when
    there is one.
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

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise DataRefused(
                f"Unknown method {self.method!r}: choose one of {', '.join(METHODS)}."
            )
        if self.batch_size < 1 or self.patience < 1 or self.learning_rate <= 0 or self.width < 1:
            raise DataRefused("Batch size, patience, width and learning rate must be above zero.")
        if any(count is not None and count < 1 for count in (self.epochs, self.refine_epochs)):
            raise DataRefused("The number of epochs must be at least 1.")

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class EpochReport:
    """One finished epoch. ``epoch`` and ``epochs`` count over all stages, so a bar never goes back.

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


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """What a model file says about itself, beside its weights.

    Attributes:
        patch_size: side of a labelled patch, in pixels of the full-resolution image.
        downscale: the network sees the image shrunk by this factor (1, 2 or 4).
        thresholds: per structure, the map value (0..1) from which a pixel belongs to it.
        decisions: per structure, the patch score (0..1) from which a patch counts as "yes".
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
    layers: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    thresholds: tuple[float, ...] = ()
    decisions: tuple[float, ...] = ()
    summary: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)
