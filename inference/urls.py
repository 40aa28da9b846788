"""Addresses of the pages: what machines do."""

from django.urls import path

from inference.views import datasets, models, results, runs

urlpatterns = [
    path("datasets/<int:pk>/", datasets.dataset, name="dataset"),
    path("datasets/<int:pk>/train/", datasets.train, name="train"),
    path("datasets/<int:pk>/results/", results.dataset_results, name="dataset-results"),
    path("models/<int:pk>/segment/", models.model_segment, name="model-segment"),
    path("models/<int:pk>/export/", models.model_export, name="model-export"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("images/<int:pk>/results/", results.results, name="results"),
]
