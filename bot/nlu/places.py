"""Where somebody lives: postcodes in every writing, names of neighbourhoods, also misspelt or with a case ending."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.nlu.gazetteer import DISTINCT, Gazetteer
from bot.nlu.living import Living, Mention
from bot.nlu.neighbourhoods import Name, Neighbourhoods
from bot.nlu.place_words import PlaceWords, place_words
from bot.nlu.postcode_shapes import DIGITS
from bot.nlu.postcodes import Code, Postcodes
from bot.nlu.tokens import Tokens, tokens_of


@dataclass(frozen=True)
class Found:
    """A place in a message: `entity` as Rasa has it, and what it means on the map."""

    wijken: tuple[str, ...] = ()
    ask: bool = False
    """The wijken lie under several wijkteams: ask which it is."""
    elsewhere: bool = False
    """A postcode of another municipality."""
    entities: tuple[dict[str, object], ...] = field(default=())


NOWHERE = Found()


class Places:
    """The names and postcodes of one municipality.

    `names`: wijk id -> how people call it. `postcodes`: code -> (wijken, whether to ask which). `gebieden`: wijk id ->
    the part of the municipality with one wijkteam; without it a name never asks. `town`: the municipality's own name.
    """

    def __init__(
        self,
        names: Mapping[str, tuple[str, ...]],
        postcodes: Mapping[str, tuple[tuple[str, ...], bool]],
        gebieden: Mapping[str, str] | None = None,
        town: str | None = None,
        words: PlaceWords | None = None,
    ) -> None:
        words = words or place_words()
        self._known = _with_digits({code.upper(): known for code, known in postcodes.items()})
        self._gebieden = gebieden or {}
        self._postcodes = Postcodes(self._known, words)
        beside = tokens_of(town).words[-1] if town else None
        self._neighbourhoods = Neighbourhoods(Gazetteer(names, words), words, beside)
        self._living = Living(words.lists)

    def find(self, text: str) -> Found:
        """The place where somebody lives by this message; NOWHERE where it names none."""
        return self.within(tokens_of(text))

    def within(self, tokens: Tokens) -> Found:
        """The same of a message that is cut already."""
        codes = self._postcodes.find(tokens)
        inside = {place for code in codes for place in range(code.start, code.end)}
        names = [name for name in self._neighbourhoods.find(tokens) if not inside & {*range(name.start, name.end)}]
        if not codes and not names:
            return NOWHERE
        said: list[Code | Name] = sorted([*codes, *names], key=lambda one: one.start)
        mentions = [self._mention(one) for one in said]
        chosen = _nearer([mentions[number] for number in self._living.chosen(tokens, mentions)])
        found = self._found(chosen)
        kept = [one for one, mention in zip(said, mentions, strict=True) if mention in chosen]
        return replace(found, entities=tuple(entity for one in kept for entity in _entities(tokens, one, found.wijken)))

    def _mention(self, said: Code | Name) -> Mention:
        if isinstance(said, Name):
            return Mention(said.start, said.end, said.wijken, ordinary=said.tier != DISTINCT, ending=said.ending)
        wijken, ask = self._known.get(said.value) or self._known.get(said.value[:DIGITS]) or ((), False)
        return Mention(said.start, said.end, wijken, ask, code=True, elsewhere=not wijken)

    def _found(self, chosen: Sequence[Mention]) -> Found:
        """What the chosen mentions come to: what they have in common, else all of it, and then a question."""
        if not chosen:
            return NOWHERE
        if chosen[0].elsewhere:
            return Found(elsewhere=True)
        common = [wijk for wijk in chosen[0].wijken if all(wijk in mention.wijken for mention in chosen)]
        settled = bool(common) and sum(mention.code for mention in chosen) < len(chosen)
        wijken = tuple(common if settled else dict.fromkeys(wijk for mention in chosen for wijk in mention.wijken))
        ask = len({self._gebieden.get(wijk) for wijk in wijken}) > 1
        if not settled or len(chosen) == 1:
            ask = ask or any(mention.ask for mention in chosen) or (len(chosen) > 1 and not self._gebieden)
        return Found(wijken, ask)


def _with_digits(codes: Mapping[str, tuple[tuple[str, ...], bool]]) -> dict[str, tuple[tuple[str, ...], bool]]:
    """Also the four digits of codes that are listed with their letters only: all that lies in them, to be asked."""
    known = dict(codes)
    for digits in {code[:DIGITS] for code in codes} - codes.keys():
        within = dict.fromkeys(wijk for code in sorted(codes) if code.startswith(digits) for wijk in codes[code][0])
        known[digits] = (tuple(within), len(within) > 1)
    return known


def _nearer(mentions: Sequence[Mention]) -> list[Mention]:
    """A place here counts before a postcode elsewhere, but "1012 AB, centrum" is the centrum of somewhere else."""
    here = [mention for mention in mentions if not mention.elsewhere]
    away = [mention for mention in mentions if mention.elsewhere]
    return away if away and all(mention.ordinary for mention in here) else here


def _entities(tokens: Tokens, said: Code | Name, wijken: Sequence[str]) -> Iterator[dict[str, object]]:
    start, end = tokens.stretch(said.start, said.end)
    if isinstance(said, Code):
        yield _entity("postcode", said.value, start, end)
        return
    for wijk in (wijk for wijk in said.wijken if wijk in wijken):
        yield _entity("wijk", wijk, start, end)


def _entity(kind: str, value: str, start: int, end: int) -> dict[str, object]:
    return {"entity": kind, "value": value, "start": start, "end": end, "confidence_entity": 1.0, "extractor": "Places"}
