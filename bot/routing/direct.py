"""direct: a service as a route by itself, when nothing was ranked: a person, please, or a crisis."""

from __future__ import annotations

from datetime import datetime

from bot.directory.directory import Directory
from bot.directory.hours import is_open, next_opening
from bot.model import Route, Service
from bot.routing.contact import contact


def direct(service: Service, directory: Directory, moment: datetime, why: tuple[str, ...]) -> Route:
    """The route with its number, whom to ask for, and when it is open."""
    open_now = is_open(service, moment)
    opens = None if open_now else next_opening(service, moment)
    return Route(service.kind, service, why, *contact(service, directory), open_now, opens)
