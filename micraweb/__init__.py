"""The Django project: settings, addresses, the Celery application and the launcher."""

from micraweb.celery import app as celery_app

__all__ = ["celery_app"]
