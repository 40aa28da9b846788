"""What errands and runs show of themselves over HTTP."""

from typing import TypeVar

from rest_framework import serializers

from annotations.models import Work

_Row = TypeVar("_Row", bound=Work)

# In this order, before and after what is a kind's own.
WORK_FIELDS = (
    "id",
    "dataset",
    "kind",
    "state",
    "progress",
    "message",
    "error",
    "params",
    "can_cancel",
    "created_by",
    "created_at",
    "started_at",
    "finished_at",
)


class WorkOutput(serializers.ModelSerializer[_Row]):
    params = serializers.JSONField(help_text="As it was asked for.")
    created_by = serializers.CharField(source="created_by.username")
    can_cancel = serializers.SerializerMethodField()

    def get_can_cancel(self, work: Work) -> bool:
        return work.is_active and not work.cancel_requested
