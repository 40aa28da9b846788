"""Which benchmarks there are, in the order they run, and with what options."""

from dataclasses import dataclass
from pathlib import Path

#: How a benchmark is told of its folder: as its argument, by --data, or not at all, because it
#: takes its sets from MICRAWEB_SHARED_DATA itself.
BY_ARGUMENT, BY_DATA, BY_ITSELF = "argument", "data", "itself"


@dataclass(frozen=True)
class Benchmark:
    """One run of one module of this package."""

    group: str
    name: str
    options: tuple[str, ...] = ()
    folder: str = ""
    told: str = BY_ARGUMENT

    @property
    def module(self) -> str:
        return f"tests.benchmarks.{self.name}"

    def arguments(self, shared: Path) -> list[str]:
        """The command line of the module, its folder among the sets in ``shared``."""
        if not self.folder or self.told == BY_ITSELF:
            return list(self.options)
        place = [str(shared / self.folder)]
        return [*(["--data"] if self.told == BY_DATA else []), *place, *self.options]


_NUCLEI, _CHLOROPLASTS, _NEURONS = "nuclei_bbbc039", "chloroplast_em_wsu", "neurons_pfc"
_BLOOD, _DIGITS = "blood_bccd", "mnist"
_PLATELETS = ("--structure", "Platelets", "--images", "40", "--width", "16", "--pool", "2000")
_COARSE = ("--patch", "128", "--downscale", "4")

PLAN = (
    Benchmark("speed", "importing"),
    Benchmark("speed", "engine"),
    Benchmark("speed", "training", folder=_NUCLEI),
    Benchmark("speed", "measuring", ("--side", "8000")),
    Benchmark("speed", "viewing"),
    Benchmark("speed", "uploading", ("--files", "600")),
    Benchmark("speed", "regridding", ("--images", "200")),
    Benchmark("people", "labelling", ("--seconds", "12")),
    Benchmark("people", "labelling", ("--large",)),
    Benchmark("people", "labelling", ("--rounds", "20")),
    Benchmark("people", "interruptions", ("--rounds", "12")),
    Benchmark("people", "gallery", ("--list", "0")),
    Benchmark("people", "label_screen"),
    Benchmark("people", "crowd"),
    Benchmark("quality", "separating"),
    Benchmark("quality", "separating", ("--images", "0", "30"), _NUCLEI),
    Benchmark("quality", "separating", ("--blur", "4", "--downscale", "4"), _CHLOROPLASTS),
    Benchmark("quality", "empties", folder=_NUCLEI, told=BY_ITSELF),
    Benchmark("quality", "science", ("--images", "30"), _NUCLEI),
    Benchmark("quality", "science", ("--split", "half", "--patch", "128"), _CHLOROPLASTS),
    Benchmark("quality", "science", ("--images", "30", *_COARSE), _NEURONS),
    Benchmark("quality", "contradictions", ("--ways", "seen", *_COARSE), _CHLOROPLASTS),
    Benchmark("quality", "active", _PLATELETS, _BLOOD),
    Benchmark("quality", "mnist", folder=_DIGITS, told=BY_DATA),
    Benchmark("quality", "blood", ("--epochs", "8"), _BLOOD, BY_DATA),
)
