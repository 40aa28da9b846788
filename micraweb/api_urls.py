"""The HTTP interface: both apps' addresses, the schema and its pages."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from annotations.api.unknown import UnknownView

urlpatterns = [
    path("", include("annotations.api.urls")),
    path("", include("inference.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api-schema"), name="api-docs"),
    # With a slash at the end only, so that Django still adds a forgotten one.
    re_path(r"^(?:.*/)?$", UnknownView.as_view(), name="api-unknown"),
]
