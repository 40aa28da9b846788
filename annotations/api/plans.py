"""How the labelling of a data set is shared among people."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, user_of
from annotations.api.scope import dataset_of, structure_of
from annotations.models import Assignment, LabellingPlan, Role, User
from annotations.models.plan import MAX_ANSWERS
from annotations.services import plans


class PlanView(APIView):
    class PlanInput(serializers.Serializer[Any]):
        answers_wanted = serializers.IntegerField(
            min_value=1, max_value=MAX_ANSWERS, help_text="On the shared patches; others get one."
        )
        shared_fraction = serializers.FloatField(min_value=0, max_value=1)
        repeat_fraction = serializers.FloatField(
            min_value=0, max_value=1, default=0, help_text="Asked twice of the same person."
        )
        adaptive = serializers.BooleanField(
            default=False, help_text="Another answer only while those given leave doubt."
        )

    class PlanOutput(serializers.ModelSerializer[LabellingPlan]):
        class Meta:
            model = LabellingPlan
            fields = ("answers_wanted", "shared_fraction", "repeat_fraction", "adaptive")

    @extend_schema(responses=PlanOutput)
    def get(self, request: Request, pk: int) -> Response:
        """How many people are asked about a patch."""
        return Response(self.PlanOutput(plans.plan_of(dataset_of(request, pk))).data)

    @extend_schema(request=PlanInput, responses=PlanOutput)
    def put(self, request: Request, pk: int) -> Response:
        """Change it; answers that are there stay."""
        dataset = dataset_of(request, pk, Role.MANAGER)
        data = parsed(self.PlanInput, request)
        plan = plans.set_plan(by=user_of(request), dataset=dataset, **data)
        return Response(self.PlanOutput(plan).data)


class AssignmentOutput(serializers.ModelSerializer[Assignment]):
    annotator = serializers.CharField(source="annotator.username")
    annotator_id = serializers.IntegerField()

    class Meta:
        model = Assignment
        fields = ("id", "structure", "annotator", "annotator_id", "share", "created_at")


class AssignmentsView(APIView):
    class AssignmentInput(serializers.Serializer[Any]):
        structure = serializers.IntegerField()
        annotators = serializers.ListField(
            child=serializers.IntegerField(), min_length=1, max_length=200, help_text="User ids."
        )
        share = serializers.FloatField(default=1, help_text="Of the patches, more than 0, up to 1.")

    @extend_schema(responses=AssignmentOutput(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Who is asked about what."""
        rows = dataset_of(request, pk).assignments.select_related("annotator")
        return Response(AssignmentOutput(rows, many=True).data)

    @extend_schema(request=AssignmentInput, responses={201: AssignmentOutput(many=True)})
    def post(self, request: Request, pk: int) -> Response:
        """Ask people; from then on the structure's patches are handed to those asked alone."""
        dataset = dataset_of(request, pk, Role.MANAGER)
        data = parsed(self.AssignmentInput, request)
        people = User.objects.filter(
            pk__in=data["annotators"], memberships__project=dataset.project_id
        )
        if len(people) < len(set(data["annotators"])):
            message = "Some of them are no members of this project."
            raise serializers.ValidationError({"annotators": [message]})
        rows = plans.assign(
            by=user_of(request),
            dataset=dataset,
            structure=structure_of(request, data["structure"]),
            annotators=list(people),
            share=data["share"],
        )
        return Response(AssignmentOutput(rows, many=True).data, status=status.HTTP_201_CREATED)


class AssignmentView(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Ask this person no longer; their answers stay."""
        rows = Assignment.objects.filter(dataset__project__memberships__user=user_of(request))
        assignment = get_object_or_404(rows.select_related("dataset__project"), pk=pk)
        plans.unassign(by=user_of(request), assignment=assignment)
        return Response(status=status.HTTP_204_NO_CONTENT)
