"""One visit to the website in Chromium, over the line and on the processor of a resident's phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

PATIENCE = 60_000
"""Milliseconds."""
TYPED = {"nl": "ik heb schulden", "tr": "borcum var", "pl": "mam długi", "pap": "mi tin debe", "en": "I have debts"}
WATCH = """
window.seen = {};
const first = (name, is) => { if (!(name in seen) && is) seen[name] = performance.now(); };
window.said = () => document.querySelector("drempel-hulp")?.shadowRoot?.querySelectorAll(".message:not(.own)").length ?? 0;
const look = () => {
  first("form", document.querySelector("drempel-hulp form.composer button")?.offsetHeight);
  first("field", document.querySelector("drempel-hulp")?.shadowRoot?.querySelector("textarea")?.offsetHeight);
  first("chat", said() > 0);
  first("sent", document.querySelector("drempel-hulp")?.shadowRoot?.querySelector(".own"));
  first("answer", "sent" in seen && said() > seen.before);
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
"""Looks at each frame what is there: at what is painted, not at what has arrived."""


@dataclass(frozen=True)
class Line:
    """A line and a processor. `kilobits` a second and `round_trip` in milliseconds; None: as fast as this machine is."""

    name: str
    kilobits: int | None
    round_trip: int = 0
    slower: int = 1

    def put_on(self, cdp: CDPSession) -> None:
        cdp.send("Network.enable")
        if self.kilobits:
            rate = self.kilobits * 1000 / 8
            given = {"offline": False, "latency": self.round_trip, "downloadThroughput": rate, "uploadThroughput": rate}
            cdp.send("Network.emulateNetworkConditions", given)
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": self.slower})


@dataclass(frozen=True)
class Seen:
    """What a visit took. Seconds from the first request, but `answer` and `by_form` from sending; bytes as on the line."""

    form: float
    script: float
    field: float
    chat: float
    answer: float
    by_form: float
    component_bytes: int
    all_bytes: int


def seen(browser: Browser, address: str, line: Line, language: str) -> Seen:
    """One visit with script up to its first answer, and one without."""
    url = f"{address}/?lang={language}"
    with_script, sizes = _talked(browser, url, line, TYPED[language])
    names = ("drempelhulp.js", "drempelhulp.css", "tokens.css")
    component = sum(size for name, size in sizes.items() if name.rsplit("/", 1)[-1] in names)
    return Seen(
        **with_script,
        by_form=_by_form(browser, url, line, TYPED[language]),
        component_bytes=component,
        all_bytes=sum(sizes.values()),
    )


def _talked(browser: Browser, url: str, line: Line, said: str) -> tuple[dict[str, float], dict[str, int]]:
    page, cdp = _page(browser, line, script=True)
    sizes = _sizes(cdp)
    page.add_init_script(WATCH)
    page.goto(url, wait_until="commit")
    page.locator("drempel-hulp .message:not(.own)").first.wait_for()
    loaded = dict(sizes)
    page.evaluate("() => { seen.before = said(); }")
    page.get_by_role("textbox").fill(said)
    page.keyboard.press("Enter")
    page.locator(".own + .message:not(.own)").wait_for()
    page.wait_for_timeout(300)
    times: dict[str, float] = page.evaluate("seen")
    script = page.evaluate(
        "performance.getEntriesByType('resource').find(e => e.name.endsWith('drempelhulp.js')).responseEnd"
    )
    page.context.close()
    found = {name: times[name] / 1000 for name in ("form", "field", "chat")}
    return {**found, "script": script / 1000, "answer": (times["answer"] - times["sent"]) / 1000}, loaded


def _by_form(browser: Browser, url: str, line: Line, said: str) -> float:
    """Without script: from pressing the button until the page with the answer can be read."""
    page, _ = _page(browser, line, script=False)
    page.goto(url)
    page.get_by_role("textbox").fill(said)
    with page.expect_navigation(wait_until="load"):
        page.locator("form.composer button").click()
    timing: dict[str, Any] = page.evaluate("performance.getEntriesByType('navigation')[0].toJSON()")
    page.context.close()
    return float(timing["loadEventEnd"]) / 1000


def _page(browser: Browser, line: Line, script: bool) -> tuple[Page, CDPSession]:
    context = browser.new_context(java_script_enabled=script, viewport={"width": 360, "height": 740}, locale="de")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    line.put_on(cdp)
    return page, cdp


def _sizes(cdp: CDPSession) -> dict[str, int]:
    """Bytes over the line by address, headers too; fills while the page loads."""
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def finished(event: dict[str, Any]) -> None:
        name = names.get(event["requestId"], "")
        if name.startswith("http"):
            sizes[name] = sizes.get(name, 0) + int(event["encodedDataLength"])

    cdp.on(
        "Network.requestWillBeSent",
        lambda event: names.update({event["requestId"]: event["request"]["url"].split("?")[0]}),
    )
    cdp.on("Network.loadingFinished", finished)
    return sizes
