"""Starting runs over HTTP."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, user_of
from annotations.api.scope import dataset_of
from annotations.models import Image, Structure
from inference.api.runs import RunOutput, started
from inference.api.scope import model_of
from inference.services import runs
from inference.services.readiness import training_readiness


class TrainView(APIView):
    class TrainInput(serializers.Serializer[Any]):
        structures = serializers.ListField(
            child=serializers.IntegerField(),
            required=False,
            allow_empty=False,
            help_text="Default: every structure with answers.",
        )
        name = serializers.CharField(default="", allow_blank=True, max_length=120)
        epochs = serializers.IntegerField(
            default=None, allow_null=True, min_value=1, max_value=2000
        )
        downscale = serializers.ChoiceField(
            choices=[1, 2, 4], default=None, allow_null=True, help_text="Default: by patch size."
        )
        method = serializers.ChoiceField(choices=["refined", "paper"], default="refined")
        start = serializers.IntegerField(
            default=None,
            allow_null=True,
            help_text="Fine-tune this model of the data set. Default: learn from scratch.",
        )
        members = serializers.IntegerField(
            default=1,
            min_value=1,
            max_value=runs.MAX_MEMBERS,
            help_text="Models of different seeds whose maps and scores are averaged.",
        )
        turned = serializers.BooleanField(
            default=True,
            help_text="Learn that a structure may lie any way: from turned and mirrored patches.",
        )

    class ReadinessOutput(serializers.Serializer[Any]):
        class StructureReadiness(serializers.Serializer[Any]):
            id = serializers.IntegerField()
            name = serializers.CharField()
            colour = serializers.CharField()
            yes = serializers.IntegerField()
            no = serializers.IntegerField()
            images = serializers.IntegerField()

        ready = serializers.BooleanField()
        missing = serializers.ListField(child=serializers.CharField())
        structures = StructureReadiness(many=True)

    @extend_schema(responses=ReadinessOutput)
    def get(self, request: Request, pk: int) -> Response:
        """Whether there is enough to train on, and what is missing."""
        readiness = training_readiness(dataset=dataset_of(request, pk))
        structures = [asdict(one) for one in readiness.structures]
        return Response(
            {"ready": readiness.ready, "missing": readiness.missing, "structures": structures}
        )

    @extend_schema(request=TrainInput, responses={201: RunOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Train a model on everybody's agreed answers."""
        user = user_of(request)
        data = parsed(self.TrainInput, request)
        structures = _found(Structure.objects.visible_to(user), data.pop("structures", None))
        start = data.pop("start")
        run = runs.start_training(
            by=user,
            dataset=dataset_of(request, pk),
            structures=structures,
            options=runs.TrainOptions(**data),
            start=None if start is None else model_of(request, start),
        )
        return started(run)


class ImagesOfModelInput(serializers.Serializer[Any]):
    model = serializers.IntegerField()
    images = serializers.ListField(
        child=serializers.IntegerField(),
        required=False,
        allow_empty=False,
        help_text="Default: every image that is ready.",
    )


class SegmentView(APIView):
    @extend_schema(request=ImagesOfModelInput, responses={201: RunOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Segment images with a model."""
        user, data = user_of(request), parsed(ImagesOfModelInput, request)
        run = runs.start_segmentation(
            by=user, dataset=dataset_of(request, pk), **_model_and_images(request, data)
        )
        return started(run)


class ExportView(APIView):
    @extend_schema(request=ImagesOfModelInput, responses={201: RunOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Make a zip of masks, labels, objects and the model."""
        user, data = user_of(request), parsed(ImagesOfModelInput, request)
        run = runs.start_export(
            by=user, dataset=dataset_of(request, pk), **_model_and_images(request, data)
        )
        return started(run)


def _model_and_images(request: Request, data: dict[str, Any]) -> dict[str, Any]:
    images = _found(Image.objects.visible_to(user_of(request)), data.get("images"))
    return {"model": model_of(request, data["model"]), "images": images}


def _found(visible: Any, keys: list[int] | None) -> list[Any] | None:
    """The rows with these keys, all of them, or an error that names those that are not there."""
    if keys is None:
        return None
    rows = {row.pk: row for row in visible.filter(pk__in=keys)}
    if missing := [key for key in keys if key not in rows]:
        raise ValidationError({"detail": f"Not found: {', '.join(map(str, missing))}."})
    return [rows[key] for key in dict.fromkeys(keys)]
