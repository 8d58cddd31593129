"""How many points a place gets for a need, and why: data/routing.yml as a list of terms, each with its question."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.model import Service
from bot.routing.case import Case
from bot.routing.door import Door
from bot.routing.facts import Before, Clock, Has, Within
from bot.routing.features import FEATURES, Context, any_of
from bot.routing.fitting import EVERYWHERE, WITHOUT_HOURS
from bot.routing.questions import NONE, AllOf, AnyOf, Question
from bot.routing.reasons import OF_FEATURE
from bot.routing.rules import Preference, Rules


@dataclass(frozen=True)
class Term:
    """Points, and reasons, for every place of which the question holds. Without points it only explains."""

    points: float
    question: Question
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranked:
    """A place with its points and reasons, and how its door stands."""

    service: Service
    points: float
    why: frozenset[str]
    door: Door


def ranked(terms: Sequence[Term], service: Service, door: Door) -> Ranked:
    """One place by all terms: this is what a rank means."""
    held = [term for term in terms if term.question.of(service, door)]
    return Ranked(service, sum(term.points for term in held), frozenset(why for t in held for why in t.why), door)


@dataclass(frozen=True)
class Part:
    """Some terms that belong together. The key holds all, but for the rules, that they are made of."""

    key: tuple[Hashable, ...]
    terms: Callable[[], Iterable[Term]]


def parts_of(case: Case) -> Iterator[Part]:
    """Everything but the question whether the wijkteam comes before all (see team.py)."""
    need, rules = case.need, case.rules
    context = Context(need.language, need.drempels, case.last_stale_day)
    yield Part(("place",), lambda: _by_itself(rules))
    yield Part(("topics", need.topics), lambda: _topics(need.topics, rules))
    yield Part(("here", case.wijken), lambda: _here(case))
    yield Part(("facts", context), lambda: _facts(context, rules))
    for drempel in need.drempels:
        if drempel in rules.drempels:
            yield _row_of_drempel(drempel, replace(context, drempels=(drempel,)), rules)
    for trait in rules.traits:
        if trait in need.traits:
            yield _row_of_trait(trait, context, rules)


def _by_itself(rules: Rules) -> Iterator[Term]:
    """What a place gets whatever the need is."""
    yield from (Term(points, Has("kind", kind)) for kind, points in rules.ladder.items())
    yield Term(rules.points["without_hours"], WITHOUT_HOURS, ("bel_eerst",))
    yield Term(rules.points["for_some"], Has("suits", "women_only") | Has("suits", "men_only"))
    yield Term(0, Has("free", True), ("gratis",))
    yield Term(0, EVERYWHERE & (Has("kind", "spreekuur") | Has("kind", "gemeente")), ("stad",))
    yield Term(0, Clock("open_now"), ("open_now",))


def _topics(topics: tuple[str, ...], rules: Rules) -> Iterator[Term]:
    """More topics are better, the weightiest counts most; then the place's own place in the topic's row."""
    for number, topic in enumerate(topics):
        yield Term(rules.topic_points[min(number, len(rules.topic_points) - 1)], Has("topics", topic), ("topic",))
    if not topics:
        return
    yield Term(0, ~Has("topics") & (Has("kind", "wijkteam") | Has("kind", "spreekuur")), ("topic",))
    rows = {topic: rules.topics[topic] for topic in topics if topic in rules.topics}
    for row in list(rows.values())[:1]:
        for number, id_ in enumerate(row.first):
            yield Term(rules.points["first"] - number, Has("id", id_))
    beside = AllOf(~Has("topics", topic) | AnyOf(Has("id", id_) for id_ in row.beside) for topic, row in rows.items())
    yield Term(rules.points["beside"], AnyOf(Has("topics", topic) for topic in rows) & beside)


def _here(case: Case) -> Iterator[Term]:
    """Nearness in steps from wijk to wijk; `stad` is told of what the city has, not of a number for the whole country."""
    nearer: Question = NONE
    own = "wijk" if len(case.wijken) == 1 else "gebied"
    for steps, points in enumerate(case.rules.step_points):
        here = Within(case.wijken, steps, case.directory.steps)
        yield Term(points, here & ~nearer, {0: (own,), 1: ("dichtbij",)}.get(steps, ()))
        nearer = here


def _facts(context: Context, rules: Rules) -> Iterator[Term]:
    """The language, the age of what is known, and what tells equals apart: less than a point, the first word the most."""
    yield Term(rules.points["language"], FEATURES["language"](context), ("taal",))
    yield Term(0, Before("checked", context.stale), ("bel_eerst",))
    yield from (Term(0.5**number, FEATURES[word](context)) for number, word in enumerate(rules.equals, 1))


def _row_of_drempel(drempel: str, context: Context, rules: Rules) -> Part:
    row = rules.drempels[drempel]
    heard = (f"drempel_{drempel}",)
    return Part(("drempel", drempel, context), lambda: _preference(row, context, rules, "drempel_first", heard))


def _row_of_trait(trait: str, context: Context, rules: Rules) -> Part:
    row = rules.traits[trait]
    return Part(("trait", trait, context), lambda: _preference(row, context, rules, "trait_first", ()))


def _preference(row: Preference, context: Context, rules: Rules, scale: str, heard: tuple[str, ...]) -> Iterator[Term]:
    """One row of `drempels` or `traits`: `first`, `prefer` and `last` each count once, however many words hold."""
    for words, points in ((row.first, rules.points[scale]), (row.prefer, rules.points["prefer"])):
        if words:
            yield Term(points, any_of(words, context), heard)
        yield from (Term(0, FEATURES[word](context), (OF_FEATURE[word],)) for word in words if word in OF_FEATURE)
    if row.last:
        yield Term(rules.points["last"], any_of(row.last, context))
