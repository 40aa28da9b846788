"""The site's secret key, made once and kept beside the data when the environment names none."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def secret_key(data_root: Path) -> str:
    """Read the key of this site, writing a new one the first time.

    The key is linked into place whole, so that web and worker starting together agree on one.
    """
    path = data_root / "secret_key"
    if not path.exists():
        data_root.mkdir(parents=True, exist_ok=True)
        draft = data_root / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(get_random_secret_key())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
