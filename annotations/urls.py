"""Addresses of the pages: who and what."""

from django.urls import path

from annotations.views import (
    account,
    datasets,
    existing,
    gallery,
    grids,
    home,
    images,
    labelling,
    members,
    projects,
    structures,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("help/", home.help_page, name="help"),
    path("account/", account.account, name="account"),
    path("account/token/", account.account_token, name="account-token"),
    path("projects/", home.projects, name="projects"),
    path("projects/new/", projects.project_new, name="project-new"),
    path("projects/<int:pk>/", projects.project, name="project"),
    path("projects/<int:pk>/edit/", projects.project_edit, name="project-edit"),
    path("projects/<int:pk>/delete/", projects.project_delete, name="project-delete"),
    path("projects/<int:pk>/structures/", structures.structures, name="structures"),
    path("structures/<int:pk>/edit/", structures.structure_edit, name="structure-edit"),
    path("structures/<int:pk>/delete/", structures.structure_delete, name="structure-delete"),
    path("projects/<int:pk>/members/", members.members, name="members"),
    path("members/<int:pk>/role/", members.member_role, name="member-role"),
    path("members/<int:pk>/remove/", members.member_remove, name="member-remove"),
    path("projects/<int:pk>/datasets/new/", datasets.dataset_new, name="dataset-new"),
    path("datasets/<int:pk>/settings/", datasets.dataset_settings, name="dataset-settings"),
    path("datasets/<int:pk>/existing/", existing.existing, name="existing"),
    path("datasets/<int:pk>/grid/", grids.dataset_grid, name="dataset-grid"),
    path("datasets/<int:pk>/delete/", datasets.dataset_delete, name="dataset-delete"),
    path("datasets/<int:pk>/label/", labelling.dataset_label, name="dataset-label"),
    path("datasets/<int:pk>/gallery/", gallery.gallery, name="gallery"),
    path("images/<int:pk>/", images.image, name="image"),
    path("images/<int:pk>/label/", labelling.label, name="label"),
]
