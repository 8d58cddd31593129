"""What an editor can choose on the map, whether a thing fits it, and the form to choose with."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dashboard.map_words import kind_name
from bot.dashboard.markup import Html, fill, tag, together
from bot.dashboard.pages.social_map.parts import HOME
from bot.dashboard.social_map import AGES, SocialMap, Thing
from bot.dashboard.words import id_name, word
from bot.taxonomy import taxonomy

Query = Mapping[str, str]
KINDS = ("spreekuur", "voorziening", "wijkteam", "gemeente", "crisis")


def chosen(social_map: SocialMap, query: Query) -> dict[str, str]:
    """What was chosen of each, empty where nothing was. Raises LookupError for what cannot be chosen."""
    return {name: _chosen(query, name, options) for name, options in options_of(social_map).items()}


def options_of(social_map: SocialMap) -> dict[str, dict[str, str]]:
    """What can be chosen: parameter -> value -> text."""
    return {
        "soort": {kind: kind_name(kind) for kind in KINDS},
        "onderwerp": {topic: id_name("topics", topic) for topic in taxonomy().topics},
        "wijk": {wijk.id: wijk.name for wijk in social_map.directory.wijken.values()},
        "nagekeken": {age: word(f"map.ages.{age}") for age in AGES},
    }


LABELS = {"soort": "kind", "onderwerp": "topic", "wijk": "wijk", "nagekeken": "age"}


def _chosen(query: Query, name: str, options: Mapping[str, str]) -> str:
    value = query.get(name, "")
    if value and value not in options:
        raise LookupError(name)
    return value


def fits(thing: Thing, choices: Mapping[str, str]) -> bool:
    """Whether a thing keeps to every choice; what names no wijk or topic is for all of them."""
    service = thing.service
    return (
        choices["soort"] in ("", service.kind)
        and choices["nagekeken"] in ("", thing.age)
        and (not choices["wijk"] or not service.wijken or choices["wijk"] in service.wijken)
        and (not choices["onderwerp"] or choices["onderwerp"] in service.topics or helps_with_all(thing))
    )


def helps_with_all(thing: Thing) -> bool:
    return not thing.service.topics and thing.service.kind != "crisis" and not thing.service.crisis


def form(social_map: SocialMap, question: str, choices: Mapping[str, str]) -> Html:
    selects = (_select(name, options, choices[name]) for name, options in options_of(social_map).items())
    reset = tag("a", word("map.search.reset"), href=HOME) if question or any(choices.values()) else ""
    return fill(
        "search.html",
        action=HOME,
        question=question,
        selects=together(selects),
        reset=reset,
        **{name: word(f"map.search.{name}") for name in ("title", "q", "hint", "button")},
    )


def _select(name: str, options: Mapping[str, str], chosen: str) -> Html:
    offered = {"": word("map.search.any"), **options}
    lines = (
        tag("option", text, value=value, selected="selected" if value == chosen else None)
        for value, text in offered.items()
    )
    label = tag("label", word(f"map.search.{LABELS[name]}"), for_=name)
    return tag("div", label, tag("select", *lines, id=name, name=name))
