from typing import Any

from django import forms

from annotations.forms.choices import OTHER, with_other
from annotations.models.dataset import MAX_PATCH_SIZE, MIN_PATCH_SIZE

PATCH_SIZES = (32, 64, 128, 256)


class DatasetForm(forms.Form):
    name = forms.CharField(max_length=120)
    description = forms.CharField(
        required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
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

    def clean(self) -> dict[str, Any]:
        data = with_other(self, "patch_size", missing="Say how many pixels.")
        if "patch_size" in data:
            data["patch_size"] = int(data["patch_size"])
        return data


def dataset_initial(*, name: str, description: str, patch_size: int) -> dict[str, Any]:
    """What the form shows for a data set that exists already."""
    preset = patch_size in PATCH_SIZES
    return {
        "name": name,
        "description": description,
        "patch_size": str(patch_size) if preset else OTHER,
        "patch_size_other": None if preset else patch_size,
    }
