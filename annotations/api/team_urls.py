"""Addresses of the HTTP interface: labelling by a team."""

from django.urls import path

from annotations.api import agreement, answers, consensus, handing_out, plans, reviews

urlpatterns = [
    path("datasets/<int:pk>/answers/", answers.AnswersView.as_view(), name="api-answers"),
    path("datasets/<int:pk>/next/", handing_out.NextView.as_view(), name="api-next"),
    path("datasets/<int:pk>/release/", handing_out.ReleaseView.as_view(), name="api-release"),
    path("datasets/<int:pk>/plan/", plans.PlanView.as_view(), name="api-plan"),
    path("datasets/<int:pk>/assignments/", plans.AssignmentsView.as_view(), name="api-assignments"),
    path("datasets/<int:pk>/agreement/", agreement.AgreementView.as_view(), name="api-agreement"),
    path(
        "datasets/<int:pk>/disagreements/",
        agreement.DisagreementsView.as_view(),
        name="api-disagreements",
    ),
    path("datasets/<int:pk>/people/", agreement.PeopleView.as_view(), name="api-people"),
    path("me/work/", agreement.OwnWorkView.as_view(), name="api-own-work"),
    path("projects/<int:pk>/consensus/", consensus.ConsensusView.as_view(), name="api-consensus"),
    path("datasets/<int:pk>/decisions/", reviews.DecisionsView.as_view(), name="api-decisions"),
    path("datasets/<int:pk>/remarks/", reviews.RemarksView.as_view(), name="api-remarks"),
    path("remarks/<int:pk>/done/", reviews.RemarkDoneView.as_view(), name="api-remark-done"),
    path(
        "datasets/<int:pk>/model-patches/",
        reviews.ModelPatchesView.as_view(),
        name="api-model-patches",
    ),
    path("model-patches/<int:pk>/", reviews.ModelPatchView.as_view(), name="api-model-patch"),
    path("assignments/<int:pk>/", plans.AssignmentView.as_view(), name="api-assignment"),
]
