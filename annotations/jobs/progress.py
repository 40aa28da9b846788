"""How far an import is, and whether anybody still wants it."""

import time

from annotations.imaging.whole import whole_file
from annotations.models import Image

# Often enough for a bar that moves, seldom enough to cost nothing.
SECONDS = 0.5


class ImportProgress:
    """Writes a share of 0 to 1 beside the image and looks whether its row is still there.

    A file and not the row: nobody else is held up by it, and it goes with the image's folder.
    """

    def __init__(self, image: Image) -> None:
        self._image = image
        self._told_at = self._asked_at = float("-inf")
        self._withdrawn = False

    def tell(self, share: float) -> None:
        now = time.monotonic()
        if now - self._told_at < SECONDS:
            return
        self._told_at = now
        with whole_file(self._image.progress_file) as temporary:
            temporary.write_text(f"{share:.3f}")

    def is_withdrawn(self) -> bool:
        now = time.monotonic()
        if not self._withdrawn and now - self._asked_at >= SECONDS:
            self._asked_at = now
            wanted = Image.objects.filter(pk=self._image.pk, state=Image.State.IMPORTING)
            self._withdrawn = not wanted.exists()
        return self._withdrawn

    def end(self) -> None:
        self._image.progress_file.unlink(missing_ok=True)
