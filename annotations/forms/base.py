"""What all forms share."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms

from annotations.errors import Rejected


@contextmanager
def rejections_on(form: forms.Form) -> Iterator[None]:
    """Show what a service rejects on the field it is about, or above the form."""
    try:
        yield
    except Rejected as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)


class ConfirmForm(forms.Form):
    """Deleting what cannot be brought back takes more than one click: the name is typed."""

    name = forms.CharField(
        required=True, strip=True, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: object, expected: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.expected = expected
        self.fields["name"].label = f"Type “{expected}” to confirm"

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if name != self.expected.strip():
            raise forms.ValidationError("That is not the name, so nothing was deleted.")
        return name
