"""Addresses of the HTTP interface: what machines do."""

from django.urls import path

from inference.api import counting, models, runs, segmentations, starting

urlpatterns = [
    path("datasets/<int:pk>/train/", starting.TrainView.as_view(), name="api-train"),
    path("datasets/<int:pk>/segment/", starting.SegmentView.as_view(), name="api-segment"),
    path("datasets/<int:pk>/export/", starting.ExportView.as_view(), name="api-export"),
    path("datasets/<int:pk>/runs/", runs.RunsView.as_view(), name="api-runs"),
    path("datasets/<int:pk>/models/", models.ModelsView.as_view(), name="api-models"),
    path("runs/<int:pk>/", runs.RunView.as_view(), name="api-run"),
    path("runs/<int:pk>/cancel/", runs.CancelView.as_view(), name="api-run-cancel"),
    path("runs/<int:pk>/retry/", runs.RetryView.as_view(), name="api-run-retry"),
    path("runs/<int:pk>/download/", runs.DownloadView.as_view(), name="api-run-download"),
    path("models/<int:pk>/", models.ModelView.as_view(), name="api-model"),
    path(
        "images/<int:pk>/segmentations/",
        segmentations.SegmentationsView.as_view(),
        name="api-segmentations",
    ),
    path(
        "segmentations/<int:pk>/map/<uuid:version>/",
        segmentations.MapRootView.as_view(),
        name="api-map-root",
    ),
    path(
        "segmentations/<int:pk>/map/<uuid:version>/<path:key>",
        segmentations.MapView.as_view(),
        name="api-map",
    ),
    path(
        "segmentations/<int:pk>/patches/",
        segmentations.PatchScoresView.as_view(),
        name="api-patch-scores",
    ),
    path(
        "segmentations/<int:pk>/objects/", segmentations.ObjectsView.as_view(), name="api-objects"
    ),
    path(
        "segmentations/<int:pk>/threshold/",
        counting.ThresholdView.as_view(),
        name="api-threshold",
    ),
    path(
        "segmentations/<int:pk>/thresholds/",
        counting.ThresholdsView.as_view(),
        name="api-thresholds",
    ),
    path(
        "models/<int:pk>/structures/<int:structure>/separation/",
        counting.SeparationView.as_view(),
        name="api-separation",
    ),
]
