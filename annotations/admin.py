"""The administration: accounts to manage, and the rows of labs to look at.

What people do with projects goes through services, which check and remove files; so these tables
can be read here and not written.
"""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Model
from django.http import HttpRequest

from annotations.models import Dataset, Image, Membership, Project, Structure, User

if TYPE_CHECKING:
    # Django's admin classes take type arguments in its stubs only.
    RowAdmin = admin.ModelAdmin[Any]
    RowInline = admin.TabularInline[Any, Any]
    PeopleAdmin = UserAdmin[User]
else:
    RowAdmin, RowInline, PeopleAdmin = admin.ModelAdmin, admin.TabularInline, UserAdmin


class ReadOnlyAdmin(RowAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class MembershipInline(RowInline):
    model = Membership
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(User)
class AccountAdmin(PeopleAdmin):
    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Answers outlive accounts: people are deactivated, not deleted.
        return False


@admin.register(Project)
class ProjectAdmin(ReadOnlyAdmin):
    list_display = ("name", "created_by", "created_at")
    search_fields = ("name",)
    inlines = (MembershipInline,)


@admin.register(Structure)
class StructureAdmin(ReadOnlyAdmin):
    list_display = ("name", "project", "question")
    list_select_related = ("project",)
    search_fields = ("name", "project__name")


@admin.register(Dataset)
class DatasetAdmin(ReadOnlyAdmin):
    list_display = ("name", "project", "patch_size", "created_by", "created_at")
    list_select_related = ("project", "created_by")
    search_fields = ("name", "project__name")


@admin.register(Image)
class ImageAdmin(ReadOnlyAdmin):
    list_display = ("name", "dataset", "state", "width", "height", "dtype", "split", "created_at")
    list_filter = ("state", "split")
    list_select_related = ("dataset",)
    search_fields = ("name", "sha256")
