"""The zip that people take home."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from inference.export.bundle import write_bundle
from inference.export.names import UniqueNames, safe_name


def _text(content: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(content, encoding="utf-8")


def test_files_lie_in_their_folders_and_the_readme_says_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "out" / "export.zip"
    source = tmp_path / "model.safetensors"
    source.write_bytes(b"\x00" * 1000)
    with write_bundle(path, title="Nuclei, exported on a Friday") as bundle:
        inside = bundle.add("Zelle ä", ".tif", _text("mask"), folder="masks/nucleus")
        bundle.add_file(source, "model", ".safetensors", folder="model")
        bundle.describe("masks/", "One label image per image and structure.")
    assert inside == "masks/nucleus/Zelle ä.tif"
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.read("masks/nucleus/Zelle ä.tif") == b"mask"
        assert archive.read("model/model.safetensors") == source.read_bytes()
        assert archive.getinfo("model/model.safetensors").compress_type == zipfile.ZIP_STORED
        readme = archive.read("README.txt").decode()
    assert readme.startswith("Nuclei, exported on a Friday\n")
    assert "masks/\n    One label image per image and structure." in readme


def test_images_of_the_same_stem_do_not_overwrite_each_other(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    names = ["cell", "cell", "Cell", "cell-2", "a/b", "a:b"]
    with write_bundle(path, title="T") as bundle:
        given = [bundle.add(name, ".tif", _text(name + str(n))) for n, name in enumerate(names)]
    assert given == ["cell.tif", "cell-2.tif", "Cell-3.tif", "cell-2-2.tif", "a_b.tif", "a_b-2.tif"]
    with zipfile.ZipFile(path) as archive:
        for number, (name, inside) in enumerate(zip(names, given, strict=True)):
            assert archive.read(inside).decode() == name + str(number)


def test_a_file_called_readme_does_not_take_the_place_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with write_bundle(path, title="ours") as bundle:
        assert bundle.add("readme", ".txt", _text("theirs")) == "readme-2.txt"
    with zipfile.ZipFile(path) as archive:
        assert archive.read("README.txt").decode() == "ours\n"


def test_a_bundle_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def interrupt(target: Path) -> None:
        target.write_text("half")
        raise InterruptedError

    with (
        pytest.raises(InterruptedError),
        write_bundle(tmp_path / "export.zip", title="T") as bundle,
    ):
        bundle.add("a", ".txt", interrupt)
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_that_fails_leaves_the_one_before_it(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with write_bundle(path, title="first"):
        pass
    with pytest.raises(InterruptedError), write_bundle(path, title="second"):
        raise InterruptedError
    with zipfile.ZipFile(path) as archive:
        assert archive.read("README.txt") == b"first\n"
    assert [found.name for found in tmp_path.iterdir()] == ["export.zip"]


def test_no_more_than_one_unpacked_file_lies_about(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    seen = []

    def write(target: Path) -> None:
        seen.append(len(list(target.parent.iterdir())))
        target.write_text("x")

    with write_bundle(path, title="T") as bundle:
        for _ in range(3):
            bundle.add("a", ".txt", write)
    assert seen == [0, 0, 0]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("plain name", "plain name"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\\b/c:d*e?f", "a_b_c_d_e_f"),
        (" . ", "unnamed"),
        ("", "unnamed"),
        ("///", "unnamed"),
        ("CON", "_CON"),
        ("com1.tif", "_com1.tif"),
        ("console", "console"),
        ("tab\tand\nline", "tab_and_line"),
        ("細胞", "細胞"),
        ("e\u0301", "\u00e9"),
        ("x" * 300, "x" * 120),
    ],
)
def test_names_are_made_safe_for_every_system(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_unique_names_keep_their_suffix() -> None:
    names = UniqueNames()
    assert [names.take("a", ".tif"), names.take("A", ".TIF"), names.take("a", ".csv")] == [
        "a.tif",
        "A-2.TIF",
        "a.csv",
    ]
