import pytest
from django.urls import reverse

from tests import factories
from tests.support.pages import props, signed_in, text

pytestmark = pytest.mark.django_db


def test_the_page_of_a_run_says_what_it_is_and_who_started_it() -> None:
    run = factories.make_run(created_by=factories.make_user("bob"))
    response = signed_in(run.dataset.created_by).get(reverse("run", args=[run.pk]))
    assert f"Training #{run.pk} Started by bob" in text(response)
    assert props(response, "run") == {"run": run.pk}
