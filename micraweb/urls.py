"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from micraweb import health

urlpatterns = [
    path("health/", health.HealthView.as_view(), name="health"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("api/", include("micraweb.api_urls")),
    path("", include("annotations.urls")),
    path("", include("inference.urls")),
]
