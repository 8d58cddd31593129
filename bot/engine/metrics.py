"""What a monitor may know: counts and times of this process, in Prometheus' text format. No id, no topic, no language.

Served at `/metrics` to whoever shows DREMPELHULP_METRICS_TOKEN; without the setting the address does not exist.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter
from hmac import compare_digest
from typing import Any

from sanic import response
from sanic.exceptions import NotFound
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from bot.engine.failing import FORM, MESSAGE
from bot.engine.switch import is_closed

BUCKETS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Upper bounds in seconds."""
UNKNOWN_INTENT = "buiten_bereik"
HELP = {
    "turns_total": ("counter", "Messages of residents on the website that were answered, by status of the answer."),
    "requests_total": ("counter", "Requests, by status of the answer."),
    "not_understood_total": ("counter", "Messages of which nothing was understood."),
    "errors_total": ("counter", "Requests that failed for a reason of ours."),
    "waiting": ("gauge", "Requests that are being answered now."),
    "locks": ("gauge", "Conversations of which a turn is under way."),
    "ready": ("gauge", "1 when the assistant is loaded."),
    "closed": ("gauge", "1 when the chat is closed on purpose."),
}


class Metrics:
    """The counters of one process; they begin at nothing with it, as Prometheus expects."""

    def __init__(self) -> None:
        self.counted: Counter[tuple[str, int]] = Counter()
        self.within = [0] * (len(BUCKETS) + 1)
        self.seconds = 0.0
        self.waiting = 0

    def count(self, name: str, status: int | None = None) -> None:
        self.counted[name, status or 0] += 1

    def took(self, seconds: float) -> None:
        """One turn's time, from its request to its answer."""
        self.within[bisect_left(BUCKETS, seconds)] += 1
        self.seconds += seconds

    def text(self, **gauges: int) -> str:
        """All of it, in the text format 0.0.4."""
        lines = []
        for name, (kind, about) in HELP.items():
            rows = [(_labels(status), n) for (of, status), n in sorted(self.counted.items()) if of == name]
            rows = [("", gauges[name])] if name in gauges else rows or ([("", 0)] if kind == "counter" else [])
            lines += [f"# HELP drempelhulp_{name} {about}", f"# TYPE drempelhulp_{name} {kind}"]
            lines += [f"drempelhulp_{name}{labels} {number}" for labels, number in rows]
        return "\n".join([*lines, *self._histogram()]) + "\n"

    def _histogram(self) -> list[str]:
        name, so_far = "drempelhulp_turn_seconds", 0
        lines = [f"# HELP {name} Time of a turn.", f"# TYPE {name} histogram"]
        for most, number in zip((*map(str, BUCKETS), "+Inf"), self.within, strict=True):
            so_far += number
            lines.append(f'{name}_bucket{{le="{most}"}} {so_far}')
        return [*lines, f"{name}_sum {self.seconds:.6f}", f"{name}_count {so_far}"]


def _labels(status: int) -> str:
    return f'{{status="{status}"}}' if status else ""


def watch(agent: Any, metrics: Metrics) -> None:
    """Counts what is not understood, where Rasa hands over what it understood."""
    parse = agent.processor.parse_message

    async def counted(*args: Any, **kwargs: Any) -> dict[str, Any]:
        parsed: dict[str, Any] = await parse(*args, **kwargs)
        if (parsed.get("intent") or {}).get("name") == UNKNOWN_INTENT:
            metrics.count("not_understood_total")
        return parsed

    agent.processor.parse_message = counted


async def begun(request: Request) -> None:
    if not hasattr(request.ctx, "begun"):  # Sanic asks again for a request that fails
        request.ctx.begun = time.perf_counter()
        request.app.ctx.metrics.waiting += 1


async def done(request: Request, answer: BaseHTTPResponse) -> None:
    metrics: Metrics = request.app.ctx.metrics
    start = request.ctx.__dict__.pop("begun", None)
    if start is None:
        return
    metrics.waiting -= 1
    metrics.count("requests_total", answer.status)
    if answer.status >= 500 and request.path != "/health":
        metrics.count("errors_total")
    if request.path in (MESSAGE, FORM) and request.method == "POST":
        metrics.count("turns_total", answer.status)
        metrics.took(time.perf_counter() - start)


async def shown(request: Request) -> HTTPResponse:
    """The metrics, for whoever has the token; for everybody else there is nothing here."""
    wanted = request.app.ctx.settings.metrics_token
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if (
        not wanted
        or scheme.lower() != "bearer"
        or not compare_digest(token.strip().encode(errors="replace"), wanted.encode())
    ):
        raise NotFound("nothing here")
    app = request.app
    locks = len(app.ctx.__dict__.get("web_locks", ()))
    closed = int(is_closed(app.ctx.settings))
    text = app.ctx.metrics.text(
        waiting=app.ctx.metrics.waiting, locks=locks, ready=int(app.ctx.agent is not None), closed=closed
    )
    return response.text(text, content_type="text/plain; version=0.0.4; charset=utf-8")
