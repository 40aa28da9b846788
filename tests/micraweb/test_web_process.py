import os
import subprocess
import sys

import pytest
from django.conf import settings

# Everything that gunicorn imports, and every module that a request could make it import: Django
# imports the addresses at the first request only.
IMPORT_THE_WEB_PROCESS = """
import sys
import micraweb.wsgi
from django.urls import get_resolver
patterns = [get_resolver()]
while patterns:
    patterns += getattr(patterns.pop(), "url_patterns", [])
print(*sorted(name for name in sys.modules if name.partition(".")[0] == "torch"))
"""


# What trains and segments, and the client of a bucket.
@pytest.mark.parametrize("heavy", ["torch", "obstore"])
def test_importing_the_web_process_imports_nothing_heavy(heavy: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_THE_WEB_PROCESS.replace('"torch"', f'"{heavy}"')],
        cwd=settings.BASE_DIR,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
