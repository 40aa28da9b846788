from typing import Any

from django import forms

from annotations.forms.choices import OTHER, with_other
from annotations.models import Dataset, Projection
from annotations.models.dataset import MAX_PATCH_SIZE, MIN_PATCH_SIZE

PATCH_SIZES = (32, 64, 128, 256)


class GridForm(forms.Form):
    """The patch grid, wherever it is chosen."""

    patch_size = forms.ChoiceField(
        choices=[*((str(size), f"{size} px") for size in PATCH_SIZES), (OTHER, "Other")],
        widget=forms.RadioSelect,
        initial="64",
    )
    patch_size_other = forms.IntegerField(
        label="Patch size in pixels",
        required=False,
        min_value=MIN_PATCH_SIZE,
        max_value=MAX_PATCH_SIZE,
    )
    overlap = forms.IntegerField(
        label="Overlap in pixels",
        required=False,
        min_value=0,
        max_value=MAX_PATCH_SIZE // 2,
        help_text="What neighbouring patches share: 0 to half a patch. With an overlap, what "
        "lies across an edge is whole in one of the patches, and there are more to answer.",
    )

    def clean(self) -> dict[str, Any]:
        data = with_other(self, "patch_size", missing="Say how many pixels.")
        data["overlap"] = data.get("overlap") or 0
        if "patch_size" in data:
            data["patch_size"] = int(data["patch_size"])
        return data


class DatasetForm(GridForm):
    name = forms.CharField(max_length=120)
    description = forms.CharField(
        required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class DatasetSettingsForm(DatasetForm):
    """Also what of the images is worked on, which there is something to choose of by then."""

    projection = forms.ChoiceField(
        label="Of a stack, use",
        required=False,
        choices=Projection.choices,
        widget=forms.RadioSelect,
    )
    plane_z = forms.IntegerField(
        label="Plane",
        required=False,
        min_value=1,
        help_text="Counted from 1. Empty: the middle plane of each stack.",
    )
    plane_t = forms.IntegerField(
        label="Time point", required=False, min_value=1, help_text="Counted from 1."
    )
    used_channels = forms.TypedMultipleChoiceField(
        label="Channels", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, channels: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(index), name) for index, name in enumerate(channels)]
        self.fields["used_channels"].choices = names  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        # People count from 1.
        data["plane_z"] = data["plane_z"] - 1 if data.get("plane_z") else None
        data["plane_t"] = (data.get("plane_t") or 1) - 1
        data["projection"] = data.get("projection") or Projection.PLANE
        # All of them is the same as no choice, also for images that have more.
        if len(data.get("used_channels", [])) == len(self.fields["used_channels"].choices):  # type: ignore[attr-defined]
            data["used_channels"] = []
        return data


def grid_initial(dataset: Dataset) -> dict[str, Any]:
    return _grid_fields(dataset.patch_size, dataset.overlap)


def grid_asked(params: dict[str, Any]) -> dict[str, Any]:
    """What the form shows of a change that was asked for."""
    fields = _grid_fields(params["patch_size"], params["overlap"])
    return fields | {"transfer": params["transfer"]}


def _grid_fields(patch_size: int, overlap: int) -> dict[str, Any]:
    preset = patch_size in PATCH_SIZES
    return {
        "patch_size": str(patch_size) if preset else OTHER,
        "patch_size_other": None if preset else patch_size,
        "overlap": overlap,
    }


def dataset_initial(dataset: Dataset, *, channels: int) -> dict[str, Any]:
    """What the form shows for a data set that exists already."""
    return grid_initial(dataset) | {
        "name": dataset.name,
        "description": dataset.description,
        "projection": dataset.projection,
        "plane_z": None if dataset.plane_z is None else dataset.plane_z + 1,
        "plane_t": dataset.plane_t + 1,
        "used_channels": dataset.used_channels or list(range(channels)),
    }


class GridChangeForm(GridForm):
    transfer = forms.BooleanField(
        label="Carry over answers that still hold",
        required=False,
        initial=True,
        help_text="A larger patch becomes yes where it holds a whole yes patch, and no where it "
        "holds nothing but no. A smaller one becomes no within a no patch; a yes is never "
        "handed to smaller patches, because nobody said in which of them it is.",
    )
