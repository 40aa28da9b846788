"""How labelling is shared among people, and how their answers become one."""

from collections.abc import Iterable
from typing import Any

from django import forms

from annotations.models import Dataset, LabellingPlan, Project, Structure, User
from annotations.models.plan import MAX_ANSWERS


class PercentField(forms.FloatField):
    """People write 20, the rest of the house says 0.2."""

    def clean(self, value: Any) -> float:
        return float(super().clean(value)) / 100


class PlanForm(forms.Form):
    answers_wanted = forms.IntegerField(
        label="Answers to a shared patch",
        min_value=1,
        max_value=MAX_ANSWERS,
        help_text=f"How many people are asked about the same patch: 1 to {MAX_ANSWERS}. "
        "All other patches are asked once.",
    )
    shared_fraction = PercentField(
        label="Shared patches, in %",
        min_value=0,
        max_value=100,
        help_text="Spread evenly over the images. 10 to 20 % tell how well people agree.",
    )
    repeat_fraction = PercentField(
        label="Repeats, in %",
        min_value=0,
        max_value=100,
        help_text="Patches that the same person is asked about twice, without being told. "
        "The second answer never replaces the first.",
    )
    adaptive = forms.BooleanField(
        label="Only while there is doubt",
        required=False,
        help_text="A further answer is asked only while those given leave the patch open. "
        "This saves about a third to a half of the answers.",
    )


def plan_initial(plan: LabellingPlan) -> dict[str, Any]:
    """What the form shows of a plan."""
    return {
        "answers_wanted": plan.answers_wanted,
        "shared_fraction": _percent(plan.shared_fraction),
        "repeat_fraction": _percent(plan.repeat_fraction),
        "adaptive": plan.adaptive,
    }


class AssignmentForm(forms.Form):
    annotator = forms.ModelChoiceField(User.objects.none(), label="Who", empty_label="Choose …")
    structure = forms.ModelChoiceField(Structure.objects.none(), empty_label=None)
    share = PercentField(label="Share, in %", min_value=0.01, max_value=100, initial=100)

    def __init__(self, *args: Any, dataset: Dataset, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = User.objects.filter(pk__in=[person.pk for person in people])
        self.fields["annotator"].queryset = known.order_by("username")  # type: ignore[attr-defined]
        self.fields["structure"].queryset = dataset.project.structures.all()  # type: ignore[attr-defined]


class ConsensusForm(forms.Form):
    blind = forms.BooleanField(
        label="Blind",
        required=False,
        help_text="While they answer, annotators see neither the answers of others nor what a "
        "model expects. Managers always do.",
    )
    consensus = forms.ChoiceField(
        label="Several answers become one by",
        choices=Project.Consensus.choices,
        widget=forms.RadioSelect,
        help_text="What a training learns from. It changes nobody's answer, and what a manager "
        "decided outweighs every rule.",
    )
    consensus_probability = PercentField(
        label="Sure from, in %",
        min_value=50,
        max_value=100,
        help_text="More than 50, less than 100. For the rule by probability, and for plans that "
        "ask only while there is doubt.",
    )


def consensus_initial(project: Project) -> dict[str, Any]:
    """What the form shows of a project."""
    return {
        "blind": project.blind,
        "consensus": project.consensus,
        "consensus_probability": _percent(project.consensus_probability),
    }


def _percent(share: float) -> str:
    """As people write it: 20, not 20.0."""
    return f"{share * 100:.6g}"
