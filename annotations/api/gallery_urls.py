"""Addresses of the HTTP interface: what the gallery shows and how a person works in it."""

from django.urls import path

from annotations.api import image_scores, patches, preferences

urlpatterns = [
    path("me/preferences/", preferences.PreferencesView.as_view(), name="api-preferences"),
    path("datasets/<int:pk>/patches/", patches.PatchesView.as_view(), name="api-patches"),
    path("datasets/<int:pk>/atlas/", patches.AtlasView.as_view(), name="api-atlas"),
    path("datasets/<int:pk>/scores/", patches.ScoresView.as_view(), name="api-scores"),
    path("datasets/<int:pk>/look/", patches.LookView.as_view(), name="api-look"),
    path(
        "images/<int:pk>/scores/", image_scores.ImageScoresView.as_view(), name="api-image-scores"
    ),
    path(
        "images/<int:pk>/likeness/",
        image_scores.ImageLikenessView.as_view(),
        name="api-image-likeness",
    ),
]
