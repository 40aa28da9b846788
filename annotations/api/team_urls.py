"""Addresses of the HTTP interface: labelling by a team."""

from django.urls import path

from annotations.api import answers, handing_out, plans

urlpatterns = [
    path("datasets/<int:pk>/answers/", answers.AnswersView.as_view(), name="api-answers"),
    path("datasets/<int:pk>/next/", handing_out.NextView.as_view(), name="api-next"),
    path("datasets/<int:pk>/release/", handing_out.ReleaseView.as_view(), name="api-release"),
    path("datasets/<int:pk>/plan/", plans.PlanView.as_view(), name="api-plan"),
    path("datasets/<int:pk>/assignments/", plans.AssignmentsView.as_view(), name="api-assignments"),
    path("assignments/<int:pk>/", plans.AssignmentView.as_view(), name="api-assignment"),
]
