"""Images over HTTP: listing, upload, pixels."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from annotations.api.base import APIView, FileView, Request, parsed, user_of
from annotations.api.files import store_file, whole_file
from annotations.models import Dataset, Image, Label, User
from annotations.services.images import add_image, delete_image


class ImageOutput(serializers.ModelSerializer[Image]):
    class Channel(serializers.Serializer[Any]):
        name = serializers.CharField()
        colour = serializers.CharField()
        low = serializers.FloatField(required=False)
        high = serializers.FloatField(required=False)

    channels = Channel(many=True)
    pixel_size_um = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    patch_size = serializers.IntegerField(source="dataset.patch_size")
    overlap = serializers.IntegerField(source="dataset.overlap")
    rows = serializers.IntegerField(source="grid.rows")
    columns = serializers.IntegerField(source="grid.columns")
    store = serializers.SerializerMethodField()
    thumbnail = serializers.SerializerMethodField()

    class Meta:
        model = Image
        fields: tuple[str, ...] = (
            "id",
            "dataset",
            "name",
            "state",
            "error",
            "width",
            "height",
            "dtype",
            "is_rgb",
            "channels",
            "pixel_size_um",
            "patch_size",
            "overlap",
            "rows",
            "columns",
            "split",
            "store",
            "thumbnail",
            "created_at",
        )

    def get_store(self, image: Image) -> str | None:
        return self._address(image, "api-image-store-root")

    def get_thumbnail(self, image: Image) -> str | None:
        return self._address(image, "api-image-thumbnail")

    def _address(self, image: Image, name: str) -> str | None:
        ready = image.state == Image.State.READY
        return reverse(name, args=[image.pk]) if ready else None


class ImageDetail(ImageOutput):
    """One image, with the user's own answers counted and its neighbours in the data set."""

    labelled = serializers.SerializerMethodField()
    previous = serializers.SerializerMethodField()
    next = serializers.SerializerMethodField()

    class Meta(ImageOutput.Meta):
        fields = (*ImageOutput.Meta.fields, "labelled", "previous", "next")

    def get_labelled(self, image: Image) -> dict[str, int]:
        mine = Label.objects.filter(image=image, annotator=self.context["user"]).order_by()
        counts = mine.values_list("structure_id").annotate(count=Count("pk"))
        return {str(structure): count for structure, count in counts}

    def get_previous(self, image: Image) -> int | None:
        return self._neighbour(image, -1)

    def get_next(self, image: Image) -> int | None:
        return self._neighbour(image, 1)

    def _neighbour(self, image: Image, step: int) -> int | None:
        order = list(image.dataset.images.ready().values_list("pk", flat=True))
        place = order.index(image.pk) + step if image.pk in order else -1
        return order[place] if 0 <= place < len(order) else None


def _visible(user: User, pk: int) -> Image:
    images = Image.objects.visible_to(user).select_related("dataset__project")
    return get_object_or_404(images, pk=pk)


class ImagesView(APIView):
    parser_classes = (MultiPartParser,)

    class UploadInput(serializers.Serializer[Any]):
        file = serializers.FileField(allow_empty_file=True, max_length=1000)

    @extend_schema(responses=ImageOutput(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The images of a data set, those still importing and those refused included."""
        dataset = get_object_or_404(Dataset.objects.visible_to(user_of(request)), pk=pk)
        images = dataset.images.select_related("dataset")
        return Response(ImageOutput(images, many=True).data)

    @extend_schema(request={"multipart/form-data": UploadInput}, responses={201: ImageOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Upload one file. It is checked at once and imported by a worker: watch its `state`."""
        user = user_of(request)
        dataset = get_object_or_404(Dataset.objects.visible_to(user), pk=pk)
        file: UploadedFile[bytes] = parsed(self.UploadInput, request)["file"]
        image = add_image(by=user, dataset=dataset, name=file.name or "", content=file)
        return Response(ImageOutput(image).data, status=status.HTTP_201_CREATED)


class ImageView(APIView):
    @extend_schema(responses=ImageDetail)
    def get(self, request: Request, pk: int) -> Response:
        """One image."""
        user = user_of(request)
        return Response(ImageDetail(_visible(user, pk), context={"user": user}).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Delete an image with its labels and results, or dismiss a refused one."""
        delete_image(by=user_of(request), image=_visible(user_of(request), pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ImageStoreView(FileView):
    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int, key: str = "zarr.json") -> HttpResponse | FileResponse:
        """A key of the image's OME-Zarr 0.5 store."""
        return store_file(request, _visible(user_of(request), pk).store, key)


@extend_schema_view(get=extend_schema(exclude=True))
class ImageStoreRootView(ImageStoreView):
    """The address that OME-Zarr readers are given; they add the keys themselves."""


class ThumbnailView(FileView):
    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponse | FileResponse:
        """A small picture of the image."""
        image = _visible(user_of(request), pk)
        return whole_file(request, image.thumbnail, content_type="image/png")
