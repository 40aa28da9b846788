"""The description of the HTTP interface for programs and people."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from tests.inference.api.routes import CASES, OWN


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, dict[str, object]]]:
    path: Path = tmp_path_factory.mktemp("schema") / "schema.json"
    call_command(
        "spectacular", "--validate", "--fail-on-warn", "--format=openapi-json", file=str(path)
    )
    described: dict[str, dict[str, dict[str, object]]] = json.loads(path.read_text())
    return described


def test_the_schema_is_valid_and_made_without_a_warning(
    schema: dict[str, dict[str, dict[str, object]]],
) -> None:
    assert str(schema["openapi"]).startswith("3.")


def test_every_operation_is_described(schema: dict[str, dict[str, dict[str, object]]]) -> None:
    operations = [
        operation
        for path in schema["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
    ]
    # Those of an object, less the three roots that only readers of OME-Zarr are given, and those
    # without one: token, me, own work, preferences (two), and listing and making projects.
    own = {(case.route, case.method) for case in CASES}
    assert len(operations) == len(own | OWN) - 3 + 7
    assert all(operation["description"] for operation in operations)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/api/schema/", "/api/docs/"])
def test_everybody_may_read_how_to_ask(address: str) -> None:
    assert APIClient().get(address).status_code == 200
