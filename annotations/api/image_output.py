"""What is shown of an image."""

from typing import Any

from django.db.models import Count
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from annotations.api.rows import RowSerializer
from annotations.models import Image, Label
from annotations.services.images.axes import MEANINGS

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
