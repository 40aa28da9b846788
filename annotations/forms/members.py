from django import forms

from annotations.models import Role


class MemberForm(forms.Form):
    login = forms.CharField(
        label="User name or email address",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    role = forms.TypedChoiceField(choices=Role.choices, coerce=Role, initial=Role.ANNOTATOR)


class RoleForm(forms.Form):
    role = forms.TypedChoiceField(choices=Role.choices, coerce=Role)
