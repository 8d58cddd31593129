"""One need in one municipality at one moment: what every rule looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.directory.directory import Directory
from bot.model import Need, Service
from bot.routing.rules import Rules
from bot.settings import AMSTERDAM


@dataclass(frozen=True)
class Case:
    """A need with the map on which it is routed."""

    need: Need
    directory: Directory
    moment: datetime
    rules: Rules
    wijken: frozenset[str]
    """The wijk of the resident, or all that it may be; empty where it is not known."""
    team: Service | None
    """The wijkteam, where all those wijken have the same one."""

    @property
    def today(self) -> date:
        return self.moment.date()

    @property
    def last_stale_day(self) -> date:
        """What was checked on this day or before is old."""
        return self.today - timedelta(days=self.rules.days["stale"] + 1)

    @property
    def team_or_floor(self) -> Service:
        """The wijkteam of the resident's wijk; the number of the gemeente where the wijk is not known."""
        return self.team or self.directory.floor


def case_of(need: Need, directory: Directory, moment: datetime, rules: Rules) -> Case:
    """The case of a need; wijken that the map does not know are passed over."""
    wijken = frozenset(wijk for wijk in need.wijken if wijk in directory.wijken)
    teams = {team.id: team for wijk in wijken if (team := directory.team_of(wijk))}
    team = next(iter(teams.values())) if len(teams) == 1 else None
    return Case(need, directory, moment.astimezone(AMSTERDAM), rules, wijken, team)
