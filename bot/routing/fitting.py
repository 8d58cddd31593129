"""Which places fit a need at all, which of them are light help, and which somebody can turn to first."""

from __future__ import annotations

from bot.routing.case import Case
from bot.routing.contact import contact
from bot.routing.facts import Before, ForAges, Has, Within
from bot.routing.questions import EVERY, NONE, AllOf, AnyOf, Kept, Question
from bot.routing.rules import Rules, TopicRule

ROUTED = ~Has("kind", "crisis")
EVERYWHERE = ~Has("wijken")
FOR_EVERYTHING = ~Has("topics") & ~Has("crisis")
"""The teams, desks and walk-in hours that name no topic, for they help with all."""
WITHOUT_HOURS = Has("kind", "spreekuur") & ~Has("hours")
"""A walk-in hour of which nobody knows when it is."""
NOTHING_TO_GO_BY = FOR_EVERYTHING & ~(Has("hours") | Has("address") | Has("location") | Has("phone") | Has("whatsapp"))
"""It helps with everything, and nobody knows where it is, when it is open, or a number of its own."""
HAS_NUMBER = Has("phone") | Has("phone_of")
HAS_PLACE = Has("address") & Has("hours")
"""A door at a known place that is open at known times."""
WHOEVER = "resident"
"""The word of `eligibility` that rules nobody out."""


def fitting(case: Case) -> Question:
    """Each place that may be named: it helps with this, here, for this person, still exists, and was not declined."""
    need, today = case.need, case.today
    joining = AnyOf(Has("id", id_) for id_ in sorted(_joining(case)))
    about = Kept(("about", need.topics, need.traits), lambda: _about(case) & _for_traits(case))
    declined = AnyOf(Has("id", id_) for id_ in need.declined)
    return AllOf(
        (
            about | joining,
            Kept(("ruled out", need.traits), lambda: _of_age(case) & ~_ineligible(case)),
            Kept(("reach", case.wijken), lambda: _in_reach(case)),
            Kept(("there", today), lambda: ~Before("stopped", today)),
            ~declined,
        )
    )


def _about(case: Case) -> Question:
    return (AnyOf(Has("topics", topic) for topic in case.need.topics) | FOR_EVERYTHING) & ROUTED


def _joining(case: Case) -> set[str]:
    """What a heard drempel or a trait lets join, though its topic is another."""
    need = case.need
    return {id_ for row in case.rules.heard(need.drempels, need.traits) for id_ in row.joining(need.topics)}


def _in_reach(case: Case) -> Question:
    """For the whole city, for each wijk that it may be, or so near that somebody can walk over at a known hour."""
    if not case.wijken:
        return EVERYWHERE
    steps = case.directory.steps
    walk_over = AnyOf(Has("kind", kind) for kind in case.rules.walk_over)
    nearby = walk_over & Has("hours") & Within(case.wijken, len(case.rules.step_points) - 1, steps)
    return AnyOf((EVERYWHERE, Within(case.wijken, 0, steps), nearby))


def _for_traits(case: Case) -> Question:
    """A place with traits is only for who has one of them."""
    return AnyOf((~Has("traits"), *(Has("traits", trait) for trait in sorted(case.need.traits))))


def _of_age(case: Case) -> Question:
    """The place helps somebody of an age that was told, or the grown-up who asks; where nothing is known, anybody."""
    ages = case.rules.ages
    told = [ages[trait] for trait in ages if trait in case.need.traits]
    return AnyOf(ForAges(*span) for span in (*told, ages["grown_up"])) if told else EVERY


def _ineligible(case: Case) -> Question:
    """All conditions of a place, but that of living here, are ruled out by what the intake found."""
    out = sorted({word for trait in case.need.traits for word in case.rules.not_with.get(trait, ())})
    if not out:
        return NONE
    others = {str(value) for name, value in case.directory.rows if name == "eligibility"} - {*out, WHOEVER, "*"}
    return AnyOf(Has("eligibility", word) for word in out) & ~AnyOf(Has("eligibility", word) for word in sorted(others))


def light(case: Case) -> Question:
    """Light help for one of the topics, by the rows of data/routing.yml; never what nobody knows the hours of."""
    topics, rules = case.need.topics, case.rules
    return Kept(("light", topics), lambda: AnyOf(_light(topic, rules) for topic in topics) & ~WITHOUT_HOURS)


def _light(topic: str, rules: Rules) -> Question:
    row = rules.topics.get(topic, TopicRule())
    beside = AnyOf(Has("id", id_) for id_ in row.beside)
    return AllOf((Has("topics", topic), AnyOf(Has("kind", kind) for kind in row.light), ~beside))


def worth_naming(case: Case) -> Question:
    """What may be told beside others: a name alone is no help, unless data/routing.yml names it for this need."""
    rules, topics = case.rules, case.need.topics
    named = {id_ for topic in topics if topic in rules.topics for id_ in rules.topics[topic].first} | _joining(case)
    return ~NOTHING_TO_GO_BY | AnyOf(Has("id", id_) for id_ in sorted(named))


def can_be_turned_to(case: Case) -> Question:
    """Somebody can call there, or go there at a known time; a website alone is no first step.

    With hours, it must also open soon enough: see `Order.first`.
    """
    through_team = case.team is not None and contact(case.team, case.directory)[0] is not None
    way = Has("access", "via_wijkteam") if through_team else NONE
    return Kept(("turned to", through_team), lambda: AnyOf((HAS_NUMBER, HAS_PLACE, way)))
