"""Settings, every one of which the environment can override; the defaults run on one machine."""

from pathlib import Path
from typing import Any

import environ
from kombu import Exchange, Queue

from micraweb.queue_address import queue_address
from micraweb.secret import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Everything that belongs to this site and not to the code: database, images, models, queue.
DATA_ROOT: Path = Path(env.str("MICRAWEB_DATA", default=str(BASE_DIR / "data"))).resolve()

SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key(DATA_ROOT)
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
if env.bool("BEHIND_HTTPS", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_vite",
    "micraweb",
    "annotations",
    "inference",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "micraweb.urls"
WSGI_APPLICATION = "micraweb.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "frontend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


def _database() -> dict[str, Any]:
    database: dict[str, Any] = env.db_url(
        "DATABASE_URL", default=f"sqlite:///{DATA_ROOT}/db.sqlite3"
    )
    if database["ENGINE"].endswith("sqlite3"):
        database["OPTIONS"] = {
            # Writers queue at the start of a transaction instead of failing in the middle of it.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    # Opened anew for each request, a connection was a sixth of what a chunk of an image costs.
    database.setdefault("CONN_MAX_AGE", 60)
    return database


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "annotations.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_LOGOUT_ON_GET = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "projects"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
EMAIL_CONFIG: dict[str, Any] = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="micraweb@localhost")

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
STATIC_URL = "/static/"
# Only for those who collect files for a server of their own; whitenoise serves them where they are.
STATIC_ROOT = env.str("STATIC_ROOT", default="") or None
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.is_dir() else []
# Files of the build carry a hash in their names, so no collected copy of them is needed.
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+-[0-9A-Za-z_-]{8}\..+$"
DJANGO_VITE = {
    "default": {"dev_mode": False, "manifest_path": FRONTEND_DIST / ".vite" / "manifest.json"}
}

MEDIA_ROOT = DATA_ROOT / "files"
# Where image stores and maps are kept instead of MEDIA_ROOT: "s3://bucket/prefix".
STORAGE_URL = env.str("STORAGE_URL", default="")
# Of a server that speaks S3 ("http://minio:9000"); empty: Amazon's.
STORAGE_ENDPOINT = env.str("STORAGE_ENDPOINT", default="")
STORAGE_REGION = env.str("STORAGE_REGION", default="us-east-1")
# Empty: whatever the machine itself has been given.
STORAGE_KEY_ID = env.str("AWS_ACCESS_KEY_ID", default="")
STORAGE_SECRET = env.str("AWS_SECRET_ACCESS_KEY", default="")
# Browsers fetch chunks from the bucket itself, by addresses that hold for minutes.
STORAGE_PRESIGNED = env.bool("STORAGE_PRESIGNED", default=False)
# The bucket's server as browsers reach it, where that is another address.
STORAGE_PUBLIC_ENDPOINT = env.str("STORAGE_PUBLIC_ENDPOINT", default="")
# A location of nginx that serves MEDIA_ROOT to it alone ("/protected/"): it then sends the chunks.
X_ACCEL_REDIRECT = env.str("X_ACCEL_REDIRECT", default="")
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20
# One image is one file; larger ones go to disk while they arrive.
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
MAX_IMAGE_BYTES = env.int("MAX_IMAGE_BYTES", default=64 * 2**30)
# Of all images of one project; 0: as many as the disk takes.
PROJECT_QUOTA_BYTES = env.int("PROJECT_QUOTA_BYTES", default=0)
# Left free on the disk, whatever people send.
MIN_FREE_DISK_BYTES = env.int("MIN_FREE_DISK_BYTES", default=2**30)
# Uploads that nobody went on with are removed after so many days.
UPLOAD_DAYS = env.int("UPLOAD_DAYS", default=7)
# Folders of the server that managers may import from.
IMPORT_ROOTS: list[str] = env.list("IMPORT_ROOTS", default=[])

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "annotations.api.errors.handle",
    "DEFAULT_THROTTLE_RATES": {"token": "20/min"},
}
SPECTACULAR_SETTINGS = {
    "TITLE": "micraweb",
    "DESCRIPTION": "Yes/no answers on image patches in, masks, objects and measurements out.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "SeparationMethod": "inference.models.separated.Separated.Method",
        "LengthUnit": "inference.models.separated.Separated.Unit",
        "Answer": "annotations.models.label.Answer",
        "ImageState": "annotations.models.image.Image.State",
        "RunState": "inference.models.run.Run.State",
    },
}

REDIS_URL = env.str("REDIS_URL", default="") or queue_address(DATA_ROOT)
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
# A task is taken from the queue when it is done, not when it starts: a killed worker loses nothing.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# One quick second try and no more: whoever uploads must not wait for a queue that is down.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 6 * 3600,
    "max_retries": 1,
    "interval_start": 0,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "io"
# Declared, so that a worker started without -Q serves all of them. Somebody looks at a page while
# what is "quick" is done: it must not stand behind a thousand images that are to be imported.
QUEUES = ("quick", "io", "compute")
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in QUEUES]
CELERY_TASK_ROUTES = {
    "annotations.run_errand": {"queue": "quick"},
    "annotations.*": {"queue": "io"},
    "inference.export_run": {"queue": "io"},
    "inference.recover_runs": {"queue": "io"},
    "inference.score_new_images": {"queue": "io"},
    "inference.tidy_results": {"queue": "io"},
    "inference.*": {"queue": "compute"},
}
CELERY_BEAT_SCHEDULE = {
    "take up orphaned runs": {"task": "inference.recover_runs", "schedule": 20.0},
    "compare results with references": {
        "task": "inference.score_against_references",
        "schedule": 30.0,
    },
    "score new images": {"task": "inference.score_new_images", "schedule": 30.0},
    "take up orphaned errands": {"task": "annotations.recover_errands", "schedule": 20.0},
    "take up orphaned imports": {"task": "annotations.recover_imports", "schedule": 60.0},
    "remove what belongs to nobody": {"task": "annotations.tidy_files", "schedule": 3600.0},
    "remove results without a row": {"task": "inference.tidy_results", "schedule": 86400.0},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
