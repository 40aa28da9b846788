"""Decisions, remarks, examples and known answers over HTTP."""

from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from annotations.api.base import APIView, Request, parsed, user_of
from annotations.api.cells import PatchField, cell_of
from annotations.api.scope import dataset_of, structure_of
from annotations.models import ModelPatch, Remark, Role, User
from annotations.models.label import Answer
from annotations.services import reviews
from annotations.services.access import role_of, sees_others


class DecisionsView(APIView):
    class DecisionsInput(serializers.Serializer[Any]):
        class DecisionField(PatchField):
            value = serializers.ChoiceField(
                choices=Answer.choices, help_text="unsure leaves the patch out of trainings."
            )

        structure = serializers.IntegerField()
        decisions = DecisionField(many=True)

    class UndecidedInput(serializers.Serializer[Any]):
        structure = serializers.IntegerField()
        patches = PatchField(many=True)

    class DecidedOutput(serializers.Serializer[Any]):
        decided = serializers.IntegerField()

    @extend_schema(request=DecisionsInput, responses=DecidedOutput)
    def put(self, request: Request, pk: int) -> Response:
        """Decide about patches; it outweighs what people answered and changes none of it."""
        dataset = dataset_of(request, pk, Role.MANAGER)
        data = parsed(self.DecisionsInput, request)
        decided = reviews.decide(
            by=user_of(request),
            dataset=dataset,
            structure=structure_of(request, data["structure"]),
            decided=[(cell_of(one), Answer(one["value"])) for one in data["decisions"]],
        )
        return Response({"decided": decided})

    @extend_schema(request=UndecidedInput, responses=DecidedOutput)
    def delete(self, request: Request, pk: int) -> Response:
        """Take decisions back."""
        dataset = dataset_of(request, pk, Role.MANAGER)
        data = parsed(self.UndecidedInput, request)
        undecided = reviews.undecide(
            by=user_of(request),
            dataset=dataset,
            structure=structure_of(request, data["structure"]),
            cells=[cell_of(one) for one in data["patches"]],
        )
        return Response({"decided": undecided})


class RemarkOutput(serializers.ModelSerializer[Remark]):
    dataset = serializers.IntegerField(source="image.dataset_id")
    by = serializers.CharField(source="by.username")
    sent_to = serializers.CharField(source="sent_to.username", allow_null=True, default=None)

    class Meta:
        model = Remark
        fields = (
            "id", "dataset", "image", "structure", "row", "column",
            "text", "by", "sent_to", "created_at", "done_at",
        )  # fmt: skip


class RemarksView(APIView):
    class RemarkInput(PatchField):
        structure = serializers.IntegerField()
        text = serializers.CharField(default="", allow_blank=True, max_length=2000)
        sent_to = serializers.IntegerField(
            required=False, allow_null=True, help_text="User id: who looks at it again."
        )

    @extend_schema(
        parameters=[
            OpenApiParameter("open", int, description="1: not done yet."),
            OpenApiParameter("mine", int, description="1: sent to you."),
        ],
        responses=RemarkOutput(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Remarks on patches; in a blind project, annotators get those sent to them."""
        dataset, user = dataset_of(request, pk), user_of(request)
        rows = Remark.objects.filter(image__dataset=dataset)
        if not sees_others(role_of(user=user, project=dataset.project), dataset.project):
            rows = rows.filter(sent_to=user)
        if request.query_params.get("mine") == "1":
            rows = rows.filter(sent_to=user)
        if request.query_params.get("open") == "1":
            rows = rows.filter(done_at=None)
        rows = rows.select_related("image", "by", "sent_to")
        return Response(RemarkOutput(rows, many=True).data)

    @extend_schema(request=RemarkInput, responses={201: RemarkOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Say something about a patch, or send it back to somebody."""
        dataset = dataset_of(request, pk, Role.MANAGER)
        data = parsed(self.RemarkInput, request)
        sent_to = data.get("sent_to")
        members = User.objects.filter(memberships__project=dataset.project_id)
        person = None if sent_to is None else members.filter(pk=sent_to).first()
        if sent_to is not None and person is None:
            raise ValidationError({"sent_to": ["This project has no such member."]})
        place = reviews.Place(dataset, structure_of(request, data["structure"]), *cell_of(data))
        made = reviews.remark(by=user_of(request), place=place, text=data["text"], sent_to=person)
        return Response(RemarkOutput(made).data, status=status.HTTP_201_CREATED)


class RemarkDoneView(APIView):
    @extend_schema(request=None, responses=RemarkOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Say that it is done: by the person it was sent to, or a manager."""
        user = user_of(request)
        rows = Remark.objects.filter(image__dataset__project__memberships__user=user)
        found = get_object_or_404(rows.select_related("image__dataset__project"), pk=pk)
        return Response(RemarkOutput(reviews.finish_remark(by=user, remark=found)).data)


class ModelPatchOutput(serializers.ModelSerializer[ModelPatch]):
    dataset = serializers.IntegerField(source="image.dataset_id")

    class Meta:
        model = ModelPatch
        fields = (
            "id", "dataset", "structure", "image", "row", "column", "use", "value", "note", "at",
        )  # fmt: skip


class ModelPatchesView(APIView):
    class ModelPatchInput(PatchField):
        structure = serializers.IntegerField()
        use = serializers.ChoiceField(choices=ModelPatch.Use.choices)
        value = serializers.ChoiceField(choices=Answer.choices)
        note = serializers.CharField(default="", allow_blank=True, max_length=200)

    @extend_schema(responses=ModelPatchOutput(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Examples to show beside the work; to managers, the patches with known answers too."""
        dataset, user = dataset_of(request, pk), user_of(request)
        rows = ModelPatch.objects.filter(structure__project=dataset.project_id)
        shown = Q(use=ModelPatch.Use.EXAMPLE)
        if role_of(user=user, project=dataset.project) == Role.MANAGER:
            shown |= Q(image__dataset=dataset)
        rows = rows.filter(shown).select_related("image")
        return Response(ModelPatchOutput(rows, many=True).data)

    @extend_schema(request=ModelPatchInput, responses={201: ModelPatchOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Make a patch an example, or one whose answer is known."""
        dataset = dataset_of(request, pk, Role.MANAGER)
        data = parsed(self.ModelPatchInput, request)
        place = reviews.Place(dataset, structure_of(request, data["structure"]), *cell_of(data))
        made = reviews.keep_model_patch(
            by=user_of(request),
            place=place,
            use=ModelPatch.Use(data["use"]),
            value=Answer(data["value"]),
            note=data["note"],
        )
        return Response(ModelPatchOutput(made).data, status=status.HTTP_201_CREATED)


class ModelPatchView(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """It is an ordinary patch again; answers stay."""
        user = user_of(request)
        rows = ModelPatch.objects.filter(structure__project__memberships__user=user)
        found = get_object_or_404(rows.select_related("structure__project"), pk=pk)
        reviews.drop_model_patch(by=user, patch=found)
        return Response(status=status.HTTP_204_NO_CONTENT)
