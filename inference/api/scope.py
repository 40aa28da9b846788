"""What a request is about, as far as the user may see it; 404 for everything else."""

from django.shortcuts import get_object_or_404

from annotations.api.base import Request, user_of
from inference.models import ModelVersion


def model_of(request: Request, pk: int) -> ModelVersion:
    return get_object_or_404(ModelVersion.objects.visible_to(user_of(request)), pk=pk)
