"""Why a place is named: the strongest reasons as a sentence."""

from __future__ import annotations

from functools import lru_cache

from bot.i18n.catalogue import Catalogue

MOST_KEPT = 4096
"""Sentences that are remembered: codes and texts of ours only, of one catalogue, which does not change."""
MOST_REASONS = 2
"""Reasons that are said; the codes hold them all."""
ADVICE = "bel_eerst"
"""No reason, but what to do first: a sentence of its own, which is never left out."""
TOPIC = "topic"
HEARD = "drempel_"
"""Begins a reason that was heard, of which much is said already: it stands alone."""
COLON = ":"
"""Behind it stands the name of a topic; nothing can be joined to that."""
MOST_WORDS = 12
"""Of one sentence; two reasons that are longer together become two sentences."""


@lru_cache(maxsize=MOST_KEPT)
def why_text(why: tuple[str, ...], language: str, catalogue: Catalogue, other: bool = False) -> str:
    """ "Het past bij wat je vraagt en het hoort bij jouw wijk. Bel eerst even." `other`: for who asks for somebody else."""
    clauses = [_clause(code, language, catalogue, other) for code in why if code != ADVICE]
    said = list(dict.fromkeys(filter(None, clauses)))[:MOST_REASONS]
    if len(said) == MOST_REASONS:
        both = catalogue.text("facts.both", language, one=said[0], other=said[1])
        said = [both] if len(both.split()) <= MOST_WORDS else said
    if ADVICE in why:
        said.append(_clause(ADVICE, language, catalogue))
    return " ".join(_sentence(clause) for clause in said)


@lru_cache(maxsize=MOST_KEPT)
def spoken_why(
    why: tuple[str, ...], topic: str | None, language: str, catalogue: Catalogue, other: bool = False
) -> str:
    """One short sentence for the ear, behind the name: "Ze helpen bij geld en schulden en het is gratis."

    That it fits was said before the name; so the need is named, where nothing stronger speaks for the place.
    """
    clauses = [_clause(code, language, catalogue, other) for code in why if code not in (ADVICE, TOPIC)]
    if why[:1] == (TOPIC,) and topic:
        clauses.insert(0, catalogue.text("conversation.routes.helps", language, topic=topic))
    said = list(dict.fromkeys(filter(None, clauses)))[:MOST_REASONS]
    if len(said) < MOST_REASONS or COLON in said[0] or why[0].startswith(HEARD):
        return _sentence(said[0]) if said else ""
    both = catalogue.text("facts.both", language, one=said[0], other=said[1])
    return _sentence(both if len(both.split()) <= MOST_WORDS else said[0])


def _sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:]}."


def _clause(code: str, language: str, catalogue: Catalogue, other: bool = False) -> str:
    """A reason's own words; those of any drempel where a drempel has none; nothing for a code that nobody knows."""
    for key in (f"facts.why.{code}", f"facts.why.{code.split('_')[0]}"):
        if catalogue.has(key, language):
            return catalogue.text(catalogue.for_other(key, language) if other else key, language)
    return ""
