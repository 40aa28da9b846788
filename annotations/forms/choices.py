"""A choice of presets with a field of its own for any other value."""

from typing import Any

from django import forms

OTHER = "other"


def with_other(form: forms.Form, field: str, *, missing: str) -> dict[str, Any]:
    """The cleaned data with `field_other` in the place of `field` where "other" is chosen."""
    data = dict(form.cleaned_data)
    other = data.pop(f"{field}_other", None)
    if data.get(field) != OTHER:
        return data
    del data[field]
    if other:
        data[field] = other
    elif f"{field}_other" not in form.errors:
        form.add_error(f"{field}_other", missing)
    return data
