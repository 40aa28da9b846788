"""Addresses of the HTTP interface: who and what."""

from django.urls import path

from annotations.api import (
    account,
    axes,
    datasets,
    details,
    display,
    empty,
    errands,
    existing,
    gallery_urls,
    grids,
    images,
    labels,
    left_out,
    members,
    overview,
    projects,
    sending,
    structures,
    team_urls,
    uploads,
)

urlpatterns = [
    *gallery_urls.urlpatterns,
    *team_urls.urlpatterns,
    path("token/", account.TokenView.as_view(), name="api-token"),
    path("me/", account.MeView.as_view(), name="api-me"),
    path("projects/", projects.ProjectsView.as_view(), name="api-projects"),
    path("projects/<int:pk>/", projects.ProjectView.as_view(), name="api-project"),
    path("projects/<int:pk>/members/", members.MembersView.as_view(), name="api-members"),
    path("members/<int:pk>/", members.MemberView.as_view(), name="api-member"),
    path(
        "projects/<int:pk>/structures/", structures.StructuresView.as_view(), name="api-structures"
    ),
    path("structures/<int:pk>/", structures.StructureView.as_view(), name="api-structure"),
    path("projects/<int:pk>/datasets/", datasets.DatasetsView.as_view(), name="api-datasets"),
    path("datasets/<int:pk>/", datasets.DatasetView.as_view(), name="api-dataset"),
    path("datasets/<int:pk>/labels/", existing.LabelTableView.as_view(), name="api-label-table"),
    path("datasets/<int:pk>/masks/", existing.MasksView.as_view(), name="api-masks"),
    path("images/<int:pk>/references/", existing.ReferencesView.as_view(), name="api-references"),
    path("images/<int:pk>/empty/", empty.EmptyView.as_view(), name="api-empty"),
    path("datasets/<int:pk>/empty/", empty.DatasetEmptyView.as_view(), name="api-dataset-empty"),
    path("datasets/<int:pk>/errands/", errands.ErrandsView.as_view(), name="api-errands"),
    path("errands/<int:pk>/", errands.ErrandView.as_view(), name="api-errand"),
    path("errands/<int:pk>/cancel/", errands.ErrandCancelView.as_view(), name="api-errand-cancel"),
    path("errands/<int:pk>/take/", errands.ErrandTakeView.as_view(), name="api-errand-take"),
    path("images/<int:pk>/left-out/", left_out.LeftOutView.as_view(), name="api-left-out"),
    path("references/<int:pk>/", existing.ReferenceView.as_view(), name="api-reference"),
    path("datasets/<int:pk>/grid/", grids.GridView.as_view(), name="api-grid"),
    path("datasets/<int:pk>/progress/", datasets.ProgressView.as_view(), name="api-progress"),
    path("datasets/<int:pk>/display/", display.DisplayView.as_view(), name="api-display"),
    path("datasets/<int:pk>/overview/", overview.OverviewView.as_view(), name="api-overview"),
    path("datasets/<int:pk>/images/", images.ImagesView.as_view(), name="api-images"),
    path("images/<int:pk>/", images.ImageView.as_view(), name="api-image"),
    path("images/<int:pk>/thumbnail/", images.ThumbnailView.as_view(), name="api-image-thumbnail"),
    path(
        "images/<int:pk>/store/", images.ImageStoreRootView.as_view(), name="api-image-store-root"
    ),
    path(
        "images/<int:pk>/store/<path:key>", images.ImageStoreView.as_view(), name="api-image-store"
    ),
    path(
        "images/<int:pk>/projection/",
        images.ProjectionRootView.as_view(),
        name="api-image-projection-root",
    ),
    path(
        "images/<int:pk>/projection/<path:key>",
        images.ProjectionView.as_view(),
        name="api-image-projection",
    ),
    path("images/<int:pk>/retry/", images.ImageRetryView.as_view(), name="api-image-retry"),
    path("images/<int:pk>/axes/", axes.AxesView.as_view(), name="api-image-axes"),
    path("datasets/<int:pk>/axes/", axes.DatasetAxesView.as_view(), name="api-dataset-axes"),
    path("datasets/<int:pk>/uploads/", uploads.UploadsView.as_view(), name="api-uploads"),
    path("datasets/<int:pk>/uploads/plan/", sending.PlanView.as_view(), name="api-upload-plan"),
    path("datasets/<int:pk>/arriving/", sending.ArrivingView.as_view(), name="api-arriving"),
    path("uploads/<uuid:key>/", uploads.UploadView.as_view(), name="api-upload"),
    path("uploads/<uuid:key>/retry/", uploads.UploadRetryView.as_view(), name="api-upload-retry"),
    path("datasets/<int:pk>/details/", details.DetailsView.as_view(), name="api-details"),
    path("datasets/<int:pk>/folder/", details.FolderView.as_view(), name="api-folder"),
    path("images/<int:pk>/labels/", labels.LabelsView.as_view(), name="api-labels"),
]
