"""One need in one municipality at one moment: what every rule looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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

    def may_go(self, service: Service) -> bool:
        """Whether a place is still there, is for this person and wijk, and was not declined."""
        need = self.need
        gone = service.stopped is not None and service.stopped <= self.moment.date()
        for_others = bool(service.traits) and not need.traits.intersection(service.traits)
        return not (gone or for_others or service.id in need.declined) and self.reach(service) is not None

    def reach(self, service: Service) -> str | None:
        """For whom a place is: `stad`, `wijk`, `gebied` (the wijk beside, or each it may be); None: not for here."""
        if not service.wijken:
            return "stad"
        if self.wijken and self.wijken.issubset(service.wijken):
            return "wijk" if len(self.wijken) == 1 else "gebied"
        if self.wijken and service.kind == "spreekuur" and all(self._beside(wijk, service) for wijk in self.wijken):
            return "gebied"
        return None

    def _beside(self, wijk: str, service: Service) -> bool:
        return wijk in service.wijken or any(near in service.wijken for near in self.directory.wijken[wijk].neighbours)


def case_of(need: Need, directory: Directory, moment: datetime, rules: Rules) -> Case:
    """The case of a need; wijken that the map does not know are passed over."""
    wijken = frozenset(wijk for wijk in need.wijken if wijk in directory.wijken)
    teams = {team.id: team for wijk in wijken if (team := directory.team_of(wijk))}
    team = next(iter(teams.values())) if len(teams) == 1 else None
    return Case(need, directory, moment.astimezone(AMSTERDAM), rules, wijken, team)
