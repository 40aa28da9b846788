"""A whole site with an empty data set, and a browser on its page, for a benchmark."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.whole_site import cookie_of, whole_site
from tests.support.browsers import FLAGS, system_browser


@dataclass(frozen=True)
class Site:
    # Of the data set's page.
    address: str
    root: str
    dataset: int
    # Of a session that may see it: (name, value).
    cookie: tuple[str, str]

    def ready(self) -> int:
        """How many images are imported."""
        from annotations.models import Image

        return Image.objects.ready().filter(dataset=self.dataset).count()


@contextmanager
def upload_site(data: Path) -> Iterator[Site]:
    """Start a site on an empty folder and end it with the block."""
    with whole_site(data) as running:
        dataset, cookie = _set_up()
        address = f"{running.address}/datasets/{dataset}/"
        yield Site(address, running.address, dataset, cookie)


def _set_up() -> tuple[int, tuple[str, str]]:
    from tests import factories

    alice = factories.make_user("alice")
    project = factories.make_project(manager=alice, name="Screen")
    factories.make_structure(project=project)
    dataset = factories.make_dataset(project=project, name="Plate 1")
    return dataset.pk, cookie_of(alice)


@contextmanager
def opened(site: Site) -> Iterator[Page]:
    """The data set's page in a browser; leaving it while files are sent is agreed to."""
    browser = system_browser()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(browser) if browser else None, args=FLAGS
        )
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        name, value = site.cookie
        context.add_cookies([{"name": name, "value": value, "url": site.root}])
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(site.address)
        yield page
        chromium.close()
