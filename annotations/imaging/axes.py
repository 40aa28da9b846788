"""Which axis of a file is which: z, time, channel, or unknown."""

from dataclasses import dataclass
from math import prod

from annotations.imaging.errors import ImageRefused

_MEANINGS = ("Z", "T", "C")


@dataclass(frozen=True)
class Axes:
    """How the planes of a file lie one after another.

    Attributes:
        names: of the long axes, slowest first, 'TZCYX' with Q for an unknown one.
        lengths: of T, Z and C.
        ambiguous: what Q could mean.
        steps: per letter, (length, planes from one to the next) of each axis it stands for.
    """

    names: str
    lengths: dict[str, int]
    ambiguous: tuple[str, ...]
    steps: dict[str, tuple[tuple[int, int], ...]]

    def plane(self, *, t: int, z: int, c: int) -> int:
        """Number of a plane in the order of the file."""
        # While nobody has said what Q is, its pages count as z planes (see `arrange`).
        return self._offset("T", t) + self._offset("Z", z) + self._offset("C", c)

    def _offset(self, letter: str, index: int) -> int:
        offset = 0
        for length, step in reversed(self.steps.get(letter, ())):
            index, here = divmod(index, length)
            offset += here * step
        return offset


def arrange(
    axes: str, shape: tuple[int, ...], *, answer: str | None = None, samples: bool = False
) -> Axes:
    """Give each axis of a sequence of planes its meaning.

    Args:
        axes: letters of the planes' axes, slowest first, without Y and X; whatever is not T, Z
            or C is unknown.
        shape: their lengths.
        answer: what somebody said the unknown axis is; where all are known, but only one is
            long, what that one really is.
        samples: each plane holds several channels already, so that no axis can be another one.

    Raises:
        ImageRefused: the answer does not fit.
    """
    long = [(name if name in "TZC" else "Q", n) for name, n in zip(axes, shape, strict=True)]
    meanings = [_answered(name, answer, long) for name, n in long if n > 1]
    taken = {name for name in meanings if name != "Q"} | ({"C"} if samples else set())
    if answer is not None:
        _check_answer(answer, meanings, samples=samples)
    unknown = "Q" in meanings
    ambiguous = tuple(letter for letter in _MEANINGS if letter not in taken) if unknown else ()
    stand_in = ambiguous[0] if ambiguous else "Q"
    steps = _steps([n for _, n in long if n > 1], meanings, stand_in)
    if "Q" in steps:
        raise ImageRefused(
            "The file has more axes than z, time and channel, so its pages cannot be told apart. "
            "Save a smaller part of it as TIFF."
        )
    lengths = {name: prod(n for n, _ in steps.get(name, ())) for name in "TZC"}
    return Axes(_names(meanings), lengths, ambiguous, steps)


def _answered(name: str, answer: str | None, axes: list[tuple[str, int]]) -> str:
    if answer is None:
        return name
    unknown = any(other == "Q" and n > 1 for other, n in axes)
    alone = sum(n > 1 for _, n in axes) == 1
    return answer if (name == "Q" if unknown else alone) else name


def _check_answer(answer: str, meanings: list[str], *, samples: bool) -> None:
    if answer not in _MEANINGS:
        raise ImageRefused("Pages are z planes (Z), time points (T) or channels (C).")
    # Neighbouring unknown axes are one; apart, they would be two of the same meaning.
    kept = _names(meanings)
    if len(set(kept)) < len(kept) or (answer == "C" and samples and "C" in meanings):
        raise ImageRefused(f"The file has an axis {answer} already; its pages must be another.")
    if meanings and answer not in meanings:
        raise ImageRefused(
            f"The file says what its pages are ({kept}); this cannot be changed by one letter."
        )


def _names(meanings: list[str]) -> str:
    """Long axes with neighbouring unknown ones as one."""
    kept = ""
    for name in meanings:
        if not kept.endswith(name):
            kept += name
    return kept


def _steps(
    lengths: list[int], meanings: list[str], stand_in: str
) -> dict[str, tuple[tuple[int, int], ...]]:
    steps: dict[str, tuple[tuple[int, int], ...]] = {}
    for index, (name, length) in enumerate(zip(meanings, lengths, strict=True)):
        letter = stand_in if name == "Q" else name
        step = prod(lengths[index + 1 :])
        steps[letter] = (*steps.get(letter, ()), (length, step))
    return steps
