"""Data sets over HTTP."""

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, patched, user_of
from annotations.api.scope import dataset_of, project_of
from annotations.models import Dataset, Image, Membership, Projection, Role, User
from annotations.models.dataset import MAX_PATCH_SIZE, MIN_PATCH_SIZE
from annotations.services import datasets
from annotations.services.progress import dataset_progress

# What a column of the database takes.
LARGEST = 2**31 - 1


class DatasetInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    description = serializers.CharField(default="", allow_blank=True)
    patch_size = serializers.IntegerField(
        min_value=MIN_PATCH_SIZE, max_value=MAX_PATCH_SIZE, default=64, help_text="px"
    )
    overlap = serializers.IntegerField(
        min_value=0, max_value=MAX_PATCH_SIZE // 2, default=0, help_text="px, at most half a patch"
    )
    projection = serializers.ChoiceField(
        choices=Projection.choices, default=Projection.PLANE, help_text="What of a stack is used."
    )
    plane_z = serializers.IntegerField(
        min_value=0,
        max_value=LARGEST,
        default=None,
        allow_null=True,
        help_text="Counted from 0; null is the middle plane of each stack.",
    )
    plane_t = serializers.IntegerField(min_value=0, max_value=LARGEST, default=0)
    used_channels = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=LARGEST),
        max_length=100,
        default=list,
        help_text="Channels that are trained on, counted from 0; empty: all.",
    )


class DatasetOutput(serializers.ModelSerializer[Dataset]):
    role = serializers.ChoiceField(choices=Role.choices)
    image_count = serializers.IntegerField()

    class Meta:
        model = Dataset
        fields = (
            "id",
            "project",
            "name",
            "description",
            "patch_size",
            "overlap",
            "projection",
            "plane_z",
            "plane_t",
            "used_channels",
            "role",
            "image_count",
            "created_at",
        )


def shown(user: User) -> QuerySet[Any]:
    """The user's data sets with their role and the number of images."""
    own = Membership.objects.filter(user=user, project=OuterRef("project"))
    kept = ~Q(images__state=Image.State.REFUSED)
    shown = Dataset.objects.visible_to(user).annotate(
        role=Subquery(own.values("role")[:1]),
        image_count=Count("images", filter=kept, distinct=True),
    )
    # Counting drops the order that the model names.
    return shown.order_by("name", "pk")


class DatasetsView(APIView):
    @extend_schema(responses=DatasetOutput(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The data sets of a project."""
        user = user_of(request)
        project_of(request, pk)
        return Response(DatasetOutput(shown(user).filter(project=pk), many=True).data)

    @extend_schema(request=DatasetInput, responses={201: DatasetOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Make a data set."""
        user = user_of(request)
        project = project_of(request, pk)
        dataset = datasets.create_dataset(by=user, project=project, **parsed(DatasetInput, request))
        data = DatasetOutput(shown(user).get(pk=dataset.pk)).data
        return Response(data, status=status.HTTP_201_CREATED)


class DatasetView(APIView):
    @extend_schema(responses=DatasetOutput)
    def get(self, request: Request, pk: int) -> Response:
        """One data set."""
        return Response(DatasetOutput(get_object_or_404(shown(user_of(request)), pk=pk)).data)

    @extend_schema(request=DatasetInput, responses=DatasetOutput)
    def patch(self, request: Request, pk: int) -> Response:
        """Change a data set; patch size and overlap only while nothing is labelled."""
        dataset = dataset_of(request, pk)
        data = patched(DatasetInput, request, dataset)
        datasets.update_dataset(by=user_of(request), dataset=dataset, **data)
        return self.get(request, pk)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Delete a data set with everything in it."""
        dataset = dataset_of(request, pk)
        datasets.delete_dataset(by=user_of(request), dataset=dataset)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ProgressView(APIView):
    class ProgressOutput(serializers.Serializer[Any]):
        class StructureProgress(serializers.Serializer[Any]):
            id = serializers.IntegerField()
            name = serializers.CharField()
            colour = serializers.CharField()
            yes = serializers.IntegerField(
                allow_null=True, help_text="Null, as those below, where others' answers are hidden."
            )
            no = serializers.IntegerField(allow_null=True)
            unsure = serializers.IntegerField(allow_null=True)
            labelled = serializers.IntegerField()

        class ImageProgress(serializers.Serializer[Any]):
            id = serializers.IntegerField()
            labelled = serializers.IntegerField()
            patches = serializers.IntegerField()

        patches = serializers.IntegerField()
        structures = StructureProgress(many=True)
        images = ImageProgress(many=True)

    @extend_schema(responses=ProgressOutput)
    def get(self, request: Request, pk: int) -> Response:
        """How far the data set is labelled: everybody's answers, and yours per image."""
        user = user_of(request)
        dataset = dataset_of(request, pk)
        return Response(dict(dataset_progress(dataset=dataset, user=user)))
