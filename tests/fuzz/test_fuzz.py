"""A small share of the fuzz run; `make fuzz` is the whole."""

from pathlib import Path

from tests.fuzz.child import outcome
from tests.fuzz.runs import run
from tests.fuzz.seeds import write_seeds


def test_every_sound_file_is_read(tmp_path: Path) -> None:
    found = {path.name: outcome(path) for path in write_seeds(tmp_path)}
    assert set(found.values()) == {"image"}, found


def test_a_hundred_damaged_files_end_in_an_image_or_a_refusal() -> None:
    found = run(count=108, seed=7)
    assert found["wrong"] == []
    assert found["images"] + found["refused"] == 108
    assert found["refused"] > 20
