"""The Celery application. Tasks live in the apps and carry ids only."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "micraweb.settings")

app = Celery("micraweb")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
