"""The administration of what machines do: to look at, not to change."""

from django.contrib import admin

from annotations.admin import ReadOnlyAdmin
from inference.models import ModelVersion, Run, Segmentation


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    list_display = ("pk", "kind", "state", "dataset", "created_by", "created_at", "finished_at")
    list_filter = ("kind", "state")
    list_select_related = ("dataset", "created_by")
    date_hierarchy = "created_at"


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    list_display = ("name", "number", "dataset", "created_at")
    list_select_related = ("dataset",)


@admin.register(Segmentation)
class SegmentationAdmin(ReadOnlyAdmin):
    list_display = ("image", "structure", "model", "object_count", "updated_at")
    list_select_related = ("image", "structure", "model")
