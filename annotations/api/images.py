"""Images over HTTP: listing, upload, pixels."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count
from django.http import FileResponse, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from annotations.api.base import APIView, FileView, Request, parsed, patched, user_of
from annotations.api.files import store_file, whole_file
from annotations.api.rows import RowSerializer
from annotations.api.scope import dataset_of, files_of, image_of
from annotations.details import LENGTHS
from annotations.models import Image, Label
from annotations.services.images.axes import MEANINGS
from annotations.services.images.details import update_image
from annotations.services.images.images import add_image, delete_image, retry_import

_OF_CHANNEL = ("name", "colour", "low", "high")


class ImageOutput(RowSerializer[Image]):
    class Channel(serializers.Serializer[Any]):
        name = serializers.CharField()
        colour = serializers.CharField()
        low = serializers.FloatField(required=False)
        high = serializers.FloatField(required=False)

    channels = serializers.SerializerMethodField()
    pixel_size_um = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    patch_size = serializers.IntegerField(source="dataset.patch_size")
    overlap = serializers.IntegerField(source="dataset.overlap")
    rows = serializers.IntegerField(source="grid.rows")
    columns = serializers.IntegerField(source="grid.columns")
    ambiguous = serializers.SerializerMethodField(
        help_text="what the pages of the file could be, where it does not say: Z, T, C"
    )
    progress = serializers.SerializerMethodField(help_text="of the import, 0 to 1")
    can_be_tried_again = serializers.BooleanField()
    store = serializers.SerializerMethodField()
    projection = serializers.SerializerMethodField()
    thumbnail = serializers.SerializerMethodField()

    class Meta:
        model = Image
        fields: tuple[str, ...] = (
            "id",
            "dataset",
            "name",
            "state",
            "error",
            "can_be_tried_again",
            "progress",
            "format",
            "series",
            "axes",
            "page_axis",
            "ambiguous",
            "width",
            "height",
            "size_z",
            "size_t",
            "dtype",
            "is_rgb",
            "channels",
            "pixel_size_um",
            "pixel_size_z_um",
            "acquired_at",
            "condition",
            "well",
            "replicate",
            "patch_size",
            "overlap",
            "rows",
            "columns",
            "split",
            "store",
            "projection",
            "thumbnail",
            "created_at",
        )

    @extend_schema_field(Channel(many=True))
    def get_channels(self, image: Image) -> list[dict[str, Any]]:
        return [{name: of[name] for name in _OF_CHANNEL if name in of} for of in image.channels]

    def get_ambiguous(self, image: Image) -> list[str]:
        unsaid = image.state == Image.State.WAITING or image.page_axis
        return list(MEANINGS) if unsaid else []

    def get_progress(self, image: Image) -> float | None:
        return image.import_progress

    def get_projection(self, image: Image) -> str | None:
        return self._address(image, "api-image-projection-root") if image.size_z > 1 else None

    def get_store(self, image: Image) -> str | None:
        return self._address(image, "api-image-store-root")

    def get_thumbnail(self, image: Image) -> str | None:
        return self._address(image, "api-image-thumbnail")

    def _address(self, image: Image, name: str) -> str | None:
        return self.address(name, image.pk) if image.state == Image.State.READY else None


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


class ImagesView(APIView):
    parser_classes = (MultiPartParser,)

    class UploadInput(serializers.Serializer[Any]):
        file = serializers.FileField(allow_empty_file=True, max_length=1000)

    @extend_schema(responses=ImageOutput(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The images of a data set, those still importing and those refused included."""
        dataset = dataset_of(request, pk)
        return Response(ImageOutput(dataset.images.all(), many=True).data)

    @extend_schema(request={"multipart/form-data": UploadInput}, responses={201: ImageOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Upload one file. It is checked at once and imported by a worker: watch its `state`."""
        user = user_of(request)
        dataset = dataset_of(request, pk)
        file: UploadedFile[bytes] = parsed(self.UploadInput, request)["file"]
        image = add_image(by=user, dataset=dataset, name=file.name or "", content=file)
        return Response(ImageOutput(image).data, status=status.HTTP_201_CREATED)


class ImageView(APIView):
    class ImageInput(serializers.Serializer[Any]):
        name = serializers.CharField(max_length=200)
        condition = serializers.CharField(max_length=LENGTHS["condition"], allow_blank=True)
        well = serializers.CharField(max_length=LENGTHS["well"], allow_blank=True)
        replicate = serializers.CharField(max_length=LENGTHS["replicate"], allow_blank=True)

    @extend_schema(responses=ImageDetail)
    def get(self, request: Request, pk: int) -> Response:
        """One image."""
        user = user_of(request)
        return Response(ImageDetail(image_of(request, pk), context={"user": user}).data)

    @extend_schema(request=ImageInput, responses=ImageDetail)
    def patch(self, request: Request, pk: int) -> Response:
        """Change an image's name, condition, well or replicate."""
        image = image_of(request, pk)
        data = patched(self.ImageInput, request, image)
        update_image(by=user_of(request), image=image, **data)
        return self.get(request, pk)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Delete an image with its labels and results, or dismiss a refused one."""
        delete_image(by=user_of(request), image=image_of(request, pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ImageRetryView(APIView):
    @extend_schema(request=None, responses=ImageOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Import an image again whose file was kept because the server was at fault."""
        image = retry_import(by=user_of(request), image=image_of(request, pk))
        return Response(ImageOutput(image).data)


class ImageStoreView(FileView):
    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int, key: str = "zarr.json") -> HttpResponse | FileResponse:
        """A key of the image's OME-Zarr 0.5 store."""
        return store_file(request, files_of(request, pk).store, key)


@extend_schema_view(get=extend_schema(exclude=True))
class ImageStoreRootView(ImageStoreView):
    """The address that OME-Zarr readers are given; they add the keys themselves."""


class ProjectionView(FileView):
    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int, key: str = "zarr.json") -> HttpResponse | FileResponse:
        """A key of the OME-Zarr 0.5 store of a stack's maximum over z."""
        return store_file(request, files_of(request, pk).projection, key)


@extend_schema_view(get=extend_schema(exclude=True))
class ProjectionRootView(ProjectionView):
    """The address that OME-Zarr readers are given; they add the keys themselves."""


class ThumbnailView(FileView):
    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponse | FileResponse:
        """A small picture of the image."""
        image = files_of(request, pk)
        return whole_file(request, image.thumbnail, content_type="image/png")
