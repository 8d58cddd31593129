"""crisis_routes: the numbers to call now, in the order of data/routing.yml; never empty, never late."""

from __future__ import annotations

from datetime import datetime

from bot.directory.directory import Directory
from bot.directory.hours import is_open, next_opening
from bot.model import Route, Service
from bot.routing.contact import contact
from bot.routing.reasons import in_order
from bot.routing.rules import rules


def crisis_routes(crisis_id: str, directory: Directory, moment: datetime) -> list[Route]:
    """The numbers of a crisis. An id that nobody knows is taken for danger of life: better than none."""
    order = rules().crisis
    ids = order.get(crisis_id, order["levensgevaar"])
    found = [directory.floor if id_ == "floor" else directory.services[id_] for id_ in ids]
    return [_route(service, directory, moment) for service in found]


def _route(service: Service, directory: Directory, moment: datetime) -> Route:
    open_now = is_open(service, moment)
    opens = None if open_now else next_opening(service, moment)
    why = {"dringend"} | ({"open_now"} if open_now else set()) | ({"gratis"} if service.free else set())
    return Route(service.kind, service, in_order(why), *contact(service, directory), open_now, opens)
