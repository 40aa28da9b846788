from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from annotations.forms.choices import OTHER, with_other

# Okabe and Ito's colours, told apart by people of every colour vision, without the black.
PALETTE = (
    ("#e69f00", "Orange"),
    ("#56b4e9", "Sky blue"),
    ("#009e73", "Bluish green"),
    ("#f0e442", "Yellow"),
    ("#0072b2", "Blue"),
    ("#d55e00", "Vermilion"),
    ("#cc79a7", "Reddish purple"),
)


class StructureForm(forms.Form):
    name = forms.CharField(max_length=60, help_text="For example: nucleus, ring, crack.")
    question = forms.CharField(
        required=False,
        max_length=200,
        help_text="What people answer with yes or no. Left empty: “Is … present here?”",
    )
    colour = forms.ChoiceField(
        choices=[*PALETTE, (OTHER, "Other")], widget=forms.RadioSelect, initial=PALETTE[0][0]
    )
    colour_other = forms.CharField(
        label="Colour of your own",
        required=False,
        initial="#ffffff",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "A colour is written #rrggbb.")],
        widget=forms.TextInput(attrs={"type": "color"}),
    )
    description = forms.CharField(
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What counts and what does not, so that everybody answers alike.",
    )

    def clean(self) -> dict[str, Any]:
        return with_other(self, "colour", missing="Choose a colour.")


def free_colour(taken: Iterable[str]) -> str:
    """The first colour of the palette that no structure of the project has."""
    used = {colour.lower() for colour in taken}
    return next((colour for colour, _ in PALETTE if colour not in used), PALETTE[0][0])


def structure_initial(*, name: str, question: str, colour: str, description: str) -> dict[str, Any]:
    """What the form shows for a structure that exists already."""
    preset = colour in dict(PALETTE)
    return {
        "name": name,
        "question": question,
        "colour": colour if preset else OTHER,
        "colour_other": "#ffffff" if preset else colour,
        "description": description,
    }
