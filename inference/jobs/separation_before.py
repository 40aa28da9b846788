"""What people chose about a structure's objects, for the next model that learns it."""

from django.db.models import Case, When

from annotations.models import Dataset, Structure
from inference.models import ModelStructure
from inference.objects.choice import AUTOMATIC, Separation


def separation_before(structure: Structure, dataset: Dataset) -> Separation:
    """That of the data set's newest model of the structure, else of the project's newest.

    Not what could not be chosen here: µm where images have no pixel size.
    """
    own_first = Case(When(model__dataset=dataset, then=0), default=1)
    outputs = ModelStructure.objects.filter(structure=structure)
    newest = outputs.order_by(own_first, "-model__created_at", "-model").first()
    if newest is None:
        return AUTOMATIC
    chosen = newest.separation
    refused = chosen.needs_pixel_size and dataset.images.ready().without_pixel_size().exists()
    return AUTOMATIC if refused else chosen
