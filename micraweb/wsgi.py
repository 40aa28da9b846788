"""The WSGI entry point of the web process."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "micraweb.settings")

application = get_wsgi_application()

# All views are loaded before the first request. They stay, so the collector need not look through
# them whenever a long list was answered: that took as long as writing the list.
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()
