"""CSV tables, read back by Python's csv and by Arrow."""

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from inference.export.tables import LabelRow, write_labels_csv, write_objects_csv
from inference.measure import measure_objects


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _objects(channel: str, count: int) -> pa.Table:
    mask = np.zeros((4, 20), bool)
    mask[1, 1 : 2 * count : 2] = True
    planes = np.full((1, 4, 20), 7, np.uint16)
    return measure_objects(mask, planes, score=None, pixel_size_um=None, channel_names=[channel])


def test_labels_are_written_with_names_in_any_script(tmp_path: Path) -> None:
    rows = [
        LabelRow("Zelle 1, links.tif", "Kern", "Zoë", 0, 1, 0, 64, 64, 128, "yes", "2026-01-02"),
        LabelRow('細胞 "B".tif', "核\n小", "bob", 2, 3, 128, 192, 150, 256, "no", "2026-01-03"),
    ]
    path = tmp_path / "labels.csv"
    assert write_labels_csv(iter(rows), path) == 2
    first, second = _read(path)
    assert first["image"] == "Zelle 1, links.tif"
    assert (first["annotator"], first["value"]) == ("Zoë", "yes")
    assert [second[key] for key in ("y0", "x0", "y1", "x1")] == ["128", "192", "150", "256"]
    assert (second["image"], second["structure"]) == ('細胞 "B".tif', "核\n小")


def test_no_labels_give_a_header_alone(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    assert write_labels_csv([], path) == 0
    header = "image,structure,annotator,row,column,y0,x0,y1,x1,value,updated_at\n"
    assert path.read_text(encoding="utf-8") == header


def test_objects_of_images_with_other_channels_share_one_table(tmp_path: Path) -> None:
    path = tmp_path / "objects.csv"
    tables = [
        ("a.tif", "nucleus", _objects("DAPI", 2)),
        ("a.tif", "spot", _objects("DAPI", 0)),
        ("b.tif", "nucleus", _objects("GFP", 1)),
    ]
    assert write_objects_csv(tables, path) == 3
    rows = _read(path)
    assert [row["image"] for row in rows] == ["a.tif", "a.tif", "b.tif"]
    assert [row["label"] for row in rows] == ["1", "2", "1"]
    assert [row["intensity_mean-DAPI"] for row in rows] == ["7.0", "7.0", ""]
    assert [row["intensity_mean-GFP"] for row in rows] == ["", "", "7.0"]
    assert rows[0]["area_um2"] == ""


def test_numbers_are_read_back_exactly(tmp_path: Path) -> None:
    table = pa.table({"label": [1, 2], "area_um2": [0.1 + 0.2, 1e-17]})
    path = tmp_path / "objects.csv"
    write_objects_csv([("a.tif", "s", table)], path)
    again = pyarrow.csv.read_csv(path)
    assert again["area_um2"].to_pylist() == [0.1 + 0.2, 1e-17]
    assert again["label"].to_pylist() == [1, 2]


def test_no_tables_give_a_header_alone(tmp_path: Path) -> None:
    path = tmp_path / "objects.csv"
    assert write_objects_csv([], path) == 0
    assert path.read_text(encoding="utf-8") == "image,structure\n"
