"""What axe-core finds on a page: the rules of WCAG 2.2 A and AA."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# Two sliders on one track cover each other on purpose: the fields beside them do the same (the
# exception "equivalent" of WCAG 2.5.8).
EXCLUDED = [[".dual-range"]]
# A button that has just become usable is half grey for a moment.
SETTLED = """Promise.all(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().iterations !== Infinity)
    .map((one) => one.finished.catch(() => null)))"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """One line per rule that is broken, with the elements that break it."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.add_script_tag(path=SCRIPT)
    # Others may become usable while axe looks: without a moment of grey.
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(f"async () => {{ await {SETTLED}; }}")
    found: dict[str, Any] = page.evaluate(
        """([rules, exclude]) =>
            axe.run({ exclude }, { runOnly: { type: "tag", values: rules } })""",
        [RULES, EXCLUDED],
    )
    return [
        f"{one['id']}: {one['help']} {json.dumps([node['target'] for node in one['nodes']])}"
        for one in found["violations"]
    ]
