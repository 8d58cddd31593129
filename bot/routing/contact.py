"""How a place is reached: its own number, the one that stands in for it, and whom to ask for there."""

from __future__ import annotations

from bot.directory.directory import Directory
from bot.model import Service

Contact = tuple["str | None", "str | None"]
"""(number, whom to ask for at it)"""


def contact(service: Service, directory: Directory, team: Service | None = None) -> Contact:
    """The number to call. What goes through the wijkteam is asked of the resident's own team, where that is known."""
    if service.phone:
        return service.phone, service.ask_for
    if "via_wijkteam" in service.access and team is not None:
        phone, ask_for = contact(team, directory)
        return phone, ask_for or team.name
    other = directory.services.get(service.phone_of or "")
    return (other.phone, service.ask_for) if other else (None, None)
