"""people: where a person answers, whatever it is about: the wijkteam of the own wijk, and the gemeente."""

from __future__ import annotations

from datetime import datetime

from bot.directory.directory import Directory
from bot.model import Route
from bot.routing.direct import direct


def people(wijken: tuple[str, ...], directory: Directory, moment: datetime) -> list[Route]:
    """The wijkteam, where all these wijken have the same, then the gemeente's own number; never empty."""
    teams = {service.id: service for wijk in wijken if (service := directory.team_of(wijk))}
    team = list(teams.values()) if len(teams) == 1 else []
    return [
        direct(service, directory, moment, ("wijk" if service in team else "vangnet",))
        for service in (*team, directory.floor)
    ]
