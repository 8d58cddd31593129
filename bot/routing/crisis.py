"""crisis_routes: the numbers to call now, in the order of data/routing.yml; never empty, never late."""

from __future__ import annotations

from datetime import datetime

from bot.directory.directory import Directory
from bot.directory.hours import is_open
from bot.model import Route, Service
from bot.routing.direct import direct
from bot.routing.reasons import in_order
from bot.routing.rules import rules


def crisis_routes(crisis_id: str, directory: Directory, moment: datetime) -> list[Route]:
    """The numbers of a crisis. An id that nobody knows is taken for danger of life: better than none."""
    order = rules().crisis
    ids = order.get(crisis_id, order["levensgevaar"])
    found = [directory.floor if id_ == "floor" else directory.services[id_] for id_ in ids]
    return [_route(service, directory, moment) for service in found]


def _route(service: Service, directory: Directory, moment: datetime) -> Route:
    why = {"dringend"} | ({"open_now"} if is_open(service, moment) else set()) | ({"gratis"} if service.free else set())
    return direct(service, directory, moment, in_order(why))
