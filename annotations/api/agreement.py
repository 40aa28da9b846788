"""How well people agree, where they do not, and who has done what."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from annotations.api.base import APIView, Request, number_in_query, user_of
from annotations.api.reviews import RemarkOutput
from annotations.api.said import SaidOutput
from annotations.api.scope import dataset_of, structure_of
from annotations.models import Dataset, Structure
from annotations.models.label import Answer
from annotations.services.agreement_report import agreement_report
from annotations.services.disagreements import MOST_LISTED, list_disagreements
from annotations.services.own_work import own_work
from annotations.services.people import people_of
from annotations.zones import zone_of

TODAY = "By the clock of the time zone that the cookie `zone` names; without it UTC."
OF_STRUCTURE = OpenApiParameter("structure", int, required=True)


def share(**how: Any) -> serializers.FloatField:
    return serializers.FloatField(allow_null=True, **how)


class PairField(serializers.Serializer[Any]):
    first = serializers.IntegerField()
    second = serializers.IntegerField()
    patches = serializers.IntegerField(help_text="With a yes or no of both.")
    same = share()
    kappa = share(help_text="Cohen's.")


class AgreementView(APIView):
    class AgreementOutput(serializers.Serializer[Any]):
        class PersonField(serializers.Serializer[Any]):
            id = serializers.IntegerField()
            name = serializers.CharField()
            answers = serializers.IntegerField()
            yes = serializers.IntegerField()
            no = serializers.IntegerField()
            unsure = serializers.IntegerField()
            reliability = share(help_text="Probability of a right answer, by Dawid and Skene.")
            with_others = share(help_text="As the majority of the others.")
            with_known = share(help_text="As the known answers.")
            with_self = share(help_text="The second time as the first.")
            repeats = serializers.IntegerField()

        class WeekField(serializers.Serializer[Any]):
            start = serializers.DateField()
            patches = serializers.IntegerField()
            alpha = share()
            pairs = PairField(many=True)

        patches = serializers.IntegerField(help_text="With an answer.")
        shared = serializers.IntegerField(help_text="With a yes or no of two or more.")
        disagreeing = serializers.IntegerField(help_text="With a yes and a no.")
        alpha = share(help_text="Krippendorff's; unsure is missing.")
        fleiss = share(help_text="Fleiss' kappa, over patches with `raters` answers.")
        raters = serializers.IntegerField()
        pairs = PairField(many=True)
        people = PersonField(many=True)
        weeks = WeekField(many=True)

    @extend_schema(parameters=[OF_STRUCTURE], responses=AgreementOutput)
    def get(self, request: Request, pk: int) -> Response:
        """Agreement about a structure, as of now. Managers; members, where it is not blind."""
        dataset, structure = asked(request, pk)
        report = agreement_report(by=user_of(request), dataset=dataset, structure=structure)
        return Response(report.as_dict())


class DisagreementsView(APIView):
    class DisagreementsOutput(serializers.Serializer[Any]):
        class DisagreementField(serializers.Serializer[Any]):
            image = serializers.IntegerField()
            row = serializers.IntegerField()
            column = serializers.IntegerField()
            answers = SaidOutput(many=True)
            probability = serializers.FloatField(help_text="Of yes, by Dawid and Skene.")
            decision = serializers.ChoiceField(choices=Answer.choices, allow_null=True)
            remarks = serializers.IntegerField()

        patches = DisagreementField(many=True)
        cursor = serializers.IntegerField(allow_null=True, help_text="Of the next part.")
        total = serializers.IntegerField()

    @extend_schema(
        parameters=[
            OF_STRUCTURE,
            OpenApiParameter("cursor", int),
            OpenApiParameter("limit", int, description=f"At most {MOST_LISTED}; 50."),
            OpenApiParameter("decided", int, description="1: those decided about as well."),
        ],
        responses=DisagreementsOutput,
    )
    def get(self, request: Request, pk: int) -> Response:
        """Patches that got a yes and a no, with who said what."""
        dataset, structure = asked(request, pk)
        limit = number_in_query(request, "limit")
        found = list_disagreements(
            by=user_of(request),
            dataset=dataset,
            structure=structure,
            decided=number_in_query(request, "decided") == 1,
            cursor=min(number_in_query(request, "cursor") or 0, 2**62),
            limit=min(50 if limit is None else max(1, limit), MOST_LISTED),
        )
        return Response(asdict(found))


class PeopleView(APIView):
    class PersonWorkOutput(serializers.Serializer[Any]):
        id = serializers.IntegerField()
        name = serializers.CharField()
        answers = serializers.IntegerField()
        today = serializers.IntegerField(help_text=TODAY)
        seconds_per_answer = share()
        first_at = serializers.DateTimeField(allow_null=True)
        last_at = serializers.DateTimeField(allow_null=True)
        sent_back = serializers.IntegerField(help_text="Patches they are asked to look at again.")

    @extend_schema(responses=PersonWorkOutput(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Who has answered how much, and how fast. Managers; members, where it is not blind."""
        dataset, zone = dataset_of(request, pk), zone_of(request.COOKIES)
        people = people_of(by=user_of(request), dataset=dataset, zone=zone)
        return Response(self.PersonWorkOutput(people, many=True).data)


class OwnWorkView(APIView):
    class OwnWorkOutput(serializers.Serializer[Any]):
        class TaskField(serializers.Serializer[Any]):
            dataset = serializers.IntegerField()
            dataset_name = serializers.CharField()
            structure = serializers.IntegerField()
            structure_name = serializers.CharField()
            wanted = serializers.IntegerField(help_text="Patches that are your share.")
            answered = serializers.IntegerField(help_text="By you, beyond your share too.")

        class DatasetField(serializers.Serializer[Any]):
            dataset = serializers.IntegerField()
            dataset_name = serializers.CharField()
            project_name = serializers.CharField()
            answers = serializers.IntegerField()
            yes = serializers.IntegerField()
            no = serializers.IntegerField()
            unsure = serializers.IntegerField()
            seconds_per_answer = share()
            last_at = serializers.DateTimeField()

        answers = serializers.IntegerField()
        today = serializers.IntegerField(help_text=TODAY)
        seconds_per_answer = share()
        with_known = share()
        with_self = share()
        datasets = DatasetField(many=True)
        tasks = TaskField(many=True)
        sent_back = RemarkOutput(many=True)

    @extend_schema(responses=OwnWorkOutput)
    def get(self, request: Request) -> Response:
        """What you have done, how fast and how well, and what you are asked to do."""
        return Response(
            self.OwnWorkOutput(own_work(user=user_of(request), zone=zone_of(request.COOKIES))).data
        )


def asked(request: Request, pk: int) -> tuple[Dataset, Structure]:
    """The data set, and the structure named in the query."""
    dataset = dataset_of(request, pk)
    structure = number_in_query(request, "structure")
    if structure is None:
        raise ValidationError({"structure": ["Name a structure: ?structure=…"]})
    return dataset, structure_of(request, min(structure, 2**63 - 1), dataset.project)
