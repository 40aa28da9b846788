"""What a model found: over one image, and as a table over all of them."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from annotations.models import Dataset, Image, Structure
from annotations.views.access import MemberRequest, dataset_for, image_for, project_context
from inference.models import ModelVersion, ReferenceScore, Segmentation

IMAGES_PER_PAGE = 100


@dataclass(frozen=True)
class Row:
    image: Image
    # In the order of the model's structures; None where the image is not segmented.
    cells: list[tuple[Segmentation, ReferenceScore | None] | None]


@login_required
@require_safe
def results(request: MemberRequest, pk: int) -> HttpResponse:
    image = image_for(request, pk)
    model = _chosen_model(request, image.dataset)
    context = project_context(request, image.dataset.project)
    context |= {
        "dataset": image.dataset,
        "image": image,
        "props": {
            "image": image.pk,
            "model": model.pk if model and "model" in request.GET else None,
            "role": context["role"],
        },
    }
    return render(request, "images/results.html", context)


@login_required
@require_safe
def dataset_results(request: MemberRequest, pk: int) -> HttpResponse:
    dataset = dataset_for(request, pk)
    model = _chosen_model(request, dataset)
    images = Paginator(dataset.images.ready(), IMAGES_PER_PAGE).get_page(request.GET.get("page"))
    structures = _structures(model)
    context = project_context(request, dataset.project)
    context |= {
        "dataset": dataset,
        "models": dataset.model_versions.all(),
        "model": model,
        "structures": structures,
        "page": images,
        "rows": (rows := _rows(list(images), structures, model)),
        "compared": any(cell and cell[1] for row in rows for cell in row.cells),
        "segmented": Segmentation.objects.filter(model=model).exists() if model else False,
    }
    return render(request, "datasets/results.html", context)


def _chosen_model(request: MemberRequest, dataset: Dataset) -> ModelVersion | None:
    """The model named in the address, or the newest; 404 for one of another data set."""
    models = ModelVersion.objects.visible_to(request.user).filter(dataset=dataset)
    wanted = request.GET.get("model", "")
    if not wanted:
        return models.first()
    if not wanted.isdecimal():
        raise Http404("A model is named by its number.")
    return get_object_or_404(models, pk=int(wanted))


def _structures(model: ModelVersion | None) -> list[Structure]:
    if model is None:
        return []
    return [output.structure for output in model.outputs.select_related("structure")]


def _rows(
    images: list[Image], structures: list[Structure], model: ModelVersion | None
) -> list[Row]:
    if model is None:
        return []
    found = {
        (one.image_id, one.structure_id): one
        for one in Segmentation.objects.filter(model=model, image__in=images).select_related(
            "image"
        )
    }
    scores = {
        score.segmentation_id: score
        for score in ReferenceScore.objects.current().filter(segmentation__in=found.values())
    }
    cells = {place: (one, scores.get(one.pk)) for place, one in found.items()}
    return [
        Row(image, [cells.get((image.pk, structure.pk)) for structure in structures])
        for image in images
    ]
