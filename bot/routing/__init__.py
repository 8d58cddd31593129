"""From a need to one, two or three places, with the reasons: data/routing.yml over the map, the same each time."""

from bot.routing.crisis import crisis_routes
from bot.routing.people import people
from bot.routing.reasons import REASONS
from bot.routing.router import route
from bot.routing.rules import Rules, RulesError, read_rules, rules

__all__ = ["REASONS", "Rules", "RulesError", "crisis_routes", "people", "read_rules", "route", "rules"]
