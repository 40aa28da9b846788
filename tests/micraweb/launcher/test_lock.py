import os
from pathlib import Path

import pytest

from micraweb.launcher.errors import CannotStart
from micraweb.launcher.lock import sole_user_of


def test_a_second_launcher_on_the_same_folder_is_refused_and_told_of_the_first(
    tmp_path: Path,
) -> None:
    with (
        sole_user_of(tmp_path),
        pytest.raises(CannotStart, match=rf"already runs.*process {os.getpid()}"),
        sole_user_of(tmp_path),
    ):
        pass


def test_the_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    with sole_user_of(tmp_path / "new"):
        pass
    with sole_user_of(tmp_path / "new"):
        assert (tmp_path / "new").is_dir()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with (
        pytest.raises(CannotStart, match=r"Cannot write to the data folder .*file"),
        sole_user_of(blocked / "data"),
    ):
        pass
