"""Why a place is named: the strongest reasons as a sentence."""

from __future__ import annotations

from bot.i18n.catalogue import Catalogue

MOST_REASONS = 2
"""Reasons that are said; the codes hold them all."""
ADVICE = "bel_eerst"
"""No reason, but what to do first: a sentence of its own, which is never left out."""
MOST_WORDS = 12
"""Of one sentence; two reasons that are longer together become two sentences."""


def why_text(why: tuple[str, ...], language: str, catalogue: Catalogue) -> str:
    """ "Het past bij wat je vraagt en het hoort bij jouw wijk. Bel eerst even." """
    clauses = [_clause(code, language, catalogue) for code in why if code != ADVICE]
    said = list(dict.fromkeys(filter(None, clauses)))[:MOST_REASONS]
    if len(said) == MOST_REASONS:
        both = catalogue.text("facts.both", language, one=said[0], other=said[1])
        said = [both] if len(both.split()) <= MOST_WORDS else said
    if ADVICE in why:
        said.append(_clause(ADVICE, language, catalogue))
    return " ".join(f"{clause[:1].upper()}{clause[1:]}." for clause in said)


def _clause(code: str, language: str, catalogue: Catalogue) -> str:
    """A reason's own words; those of any drempel where a drempel has none; nothing for a code that nobody knows."""
    for key in (f"facts.why.{code}", f"facts.why.{code.split('_')[0]}"):
        if catalogue.has(key, language):
            return catalogue.text(key, language)
    return ""
