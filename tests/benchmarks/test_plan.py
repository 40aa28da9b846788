"""The plan names what is there, and one benchmark that fails does not end the others."""

import importlib.util
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import chosen, run_all
from tests.benchmarks.plan import PLAN, Benchmark


@pytest.mark.parametrize("name", sorted({each.name for each in PLAN}))
def test_every_benchmark_of_the_plan_is_a_module(name: str) -> None:
    assert importlib.util.find_spec(f"tests.benchmarks.{name}") is not None


def test_a_name_chooses_a_group_or_a_benchmark() -> None:
    assert chosen(set()) == list(PLAN)
    assert {each.group for each in chosen({"people"})} == {"people"}
    assert {each.name for each in chosen({"people", "engine"})} >= {"engine", "labelling"}


def test_a_folder_is_named_as_the_benchmark_takes_it() -> None:
    shared = Path("images")
    by_argument = Benchmark("quality", "science", ("--images", "30"), "nuclei")
    by_data = Benchmark("quality", "mnist", folder="digits", told="data")

    assert by_argument.arguments(shared) == ["images/nuclei", "--images", "30"]
    assert by_data.arguments(shared) == ["--data", "images/digits"]


def test_one_that_fails_is_named_and_the_next_runs(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    fails = Benchmark("speed", "importing", ("--no-such-option",))
    next_one = Benchmark("speed", "importing", ("--help",))

    assert run_all([fails, next_one], tmp_path) == ["importing"]
    assert "--smallest" in capfd.readouterr().out


def test_a_benchmark_without_its_set_is_left_out_and_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_all([Benchmark("quality", "science", folder="nothing")], tmp_path) == []
    assert "left out" in capfd.readouterr().err
