"""A scripted person at the gallery, whose browser may be killed, and a diary of what they saw."""

from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.support.chromium import Chromium

# (image, row, column).
Cell = tuple[int, int, int]
READY = "#island-gallery[data-ready=true][data-loading=false]"
SAVED = "#island-gallery[data-saved=true]"
VALUES = {1: "yes", 2: "no", 3: "unsure"}
KEYS = "12"
PATIENCE_MS = 90_000

# What the browser has on its disk's way, and what the server said it has, from the outside.
WATCH = """() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value, ...more) {
        if (this.name === "events") {
            this.transaction.addEventListener("complete", () => window.noteQueued([value.event]));
        }
        return put.call(this, value, ...more);
    };
    const ask = window.fetch;
    const read = async (reply, options) => {
        const told = JSON.parse(await reply.clone().text());
        const { answers } = JSON.parse(options.body);
        if (reply.ok && told.now) window.noteAcknowledged(answers.map(({ event }) => event));
    };
    window.fetch = async (address, options) => {
        const reply = await ask(address, options);
        if (String(address).endsWith("/answers/")) read(reply, options).catch(() => undefined);
        return reply;
    };
}"""
# After a frame: the patches that bear an answer.
PAINTED = """async () => {
    await new Promise(requestAnimationFrame);
    const answered = window.micraweb.items.filter(({ code }) => code !== 0);
    return answered.map(({ image, row, column, code }) => [image, row, column, code]);
}"""
# Whether the patch under the focus is still to be answered.
OPEN = """() => {
    const { focus } = document.querySelector("#island-gallery").dataset;
    return window.micraweb.items[Number(focus)]?.code === 0;
}"""


@dataclass
class Diary:
    """What was seen.

    Attributes:
        painted: the answer that each patch bore on the screen.
        queued: events that the browser's database had taken.
        acknowledged: events that the server said it has.
    """

    painted: dict[Cell, str] = field(default_factory=dict)
    queued: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)

    def note_queued(self, events: list[str]) -> None:
        self.queued.update(events)

    def note_acknowledged(self, events: list[str]) -> None:
        self.acknowledged.update(events)


@dataclass
class Person:
    """Somebody who answers by keys, and comes back to the same address."""

    browser: Chromium
    # Of the site as the browser reaches it.
    root: str
    dataset: int
    cookie: tuple[str, str]
    diary: Diary = field(default_factory=Diary)
    _page: Page | None = None
    _keys: int = 0

    @property
    def page(self) -> Page:
        assert self._page is not None
        return self._page

    def come(self) -> None:
        """Start the browser and open the gallery."""
        context = self.browser.start()
        name, value = self.cookie
        context.add_cookies([{"name": name, "value": value, "url": self.root}])
        self._page = context.pages[0]
        self._page.set_default_timeout(PATIENCE_MS)
        self._page.expose_function("noteQueued", self.diary.note_queued)
        self._page.expose_function("noteAcknowledged", self.diary.note_acknowledged)
        self._page.add_init_script(f"({WATCH})()")
        self._page.goto(f"{self.root}/datasets/{self.dataset}/gallery/")
        self._page.wait_for_selector(READY)

    def vanish(self) -> None:
        """The browser is killed."""
        self.browser.kill()
        self._page = None

    def answer(self, count: int) -> None:
        """One key after the other, as far as there are patches to answer."""
        for _ in range(count):
            if self.page.evaluate(OPEN):
                self._keys += 1
                self.page.keyboard.press(KEYS[self._keys % len(KEYS)])
                self.look()
            else:
                # The next screen may be on its way.
                self.turn()
                self.page.wait_for_timeout(50)

    def rest_is_no(self) -> None:
        """All others of this screen by one key."""
        self.page.keyboard.press("r")
        self.look()

    def press_unseen(self) -> None:
        """An answer that nobody looked at: it counts where it is queued or acknowledged. None where
        the patch under the focus bears one: that would be a second thought."""
        if self.page.evaluate(OPEN):
            self.page.keyboard.press(KEYS[0])

    def look(self) -> None:
        """Note what is painted."""
        for image, row, column, code in self.page.evaluate(PAINTED):
            self.diary.painted[image, row, column] = VALUES[code]

    def turn(self) -> None:
        """On to the next screen."""
        self.page.keyboard.press("PageDown")

    def wait_until_saved(self) -> None:
        """Until the page says that the server has everything."""
        self.page.wait_for_selector(SAVED)
