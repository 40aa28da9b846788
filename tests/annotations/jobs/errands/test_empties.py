"""Empty patches of many images."""

import pytest

from annotations.jobs.errands.runner import run_errand
from annotations.models import Errand, Image
from annotations.services.empty import find_empty, known_empty
from tests.annotations.jobs.errands.asked import ended
from tests.factories import make_errand, make_image

# Errands beat from a thread of their own, which sees only what is committed.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_root")]


def test_empty_patches_of_all_images_are_found_and_problems_are_named(image: Image) -> None:
    whole = make_image(dataset=image.dataset, height=256, width=256, store=True)
    # The first has no store, and the last is gone by now.
    params = {"images": [image.pk, whole.pk, 10**9]}
    errand = make_errand(dataset=image.dataset, params=params)
    assert run_errand(errand.pk)
    report = ended(errand, Errand.State.DONE).report
    found = known_empty(image=whole)
    assert found is not None
    assert (report["patches"], report["empty"]) == (64, int(found.sum()))
    assert len(report["problems"]) == 1
    assert "slide 1.tif" in report["problems"][0]
    assert (find_empty(image=whole) == found).all()
