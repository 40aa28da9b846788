"""Whether the site can answer, for whatever watches it."""

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views import View


class HealthView(View):
    def get(self, request: HttpRequest) -> JsonResponse:
        # A web process whose database is gone is not healthy; the error becomes a 500.
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return JsonResponse({"status": "ok"})
