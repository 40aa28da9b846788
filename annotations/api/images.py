"""Images over HTTP: listing, upload, pixels."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from annotations.api.base import APIView, FileView, Request, parsed, patched, user_of
from annotations.api.files import store_file, whole_file
from annotations.api.image_list import image_list
from annotations.api.image_output import ImageDetail, ImageOutput
from annotations.api.scope import dataset_of, files_of, image_of
from annotations.details import LENGTHS
from annotations.services.images.details import update_image
from annotations.services.images.images import add_image, delete_image, retry_import


class ImagesView(APIView):
    parser_classes = (MultiPartParser,)

    class UploadInput(serializers.Serializer[Any]):
        file = serializers.FileField(allow_empty_file=True, max_length=1000)

    @extend_schema(responses=ImageOutput(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The images of a data set, those still importing and those refused included."""
        return Response(image_list(dataset_of(request, pk)))

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
