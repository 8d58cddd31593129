"""What a text fills in must be what its source fills in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.checks.steps import PLACEHOLDER


def differing(source: Mapping[str, str], translated: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Keys of translations that fill in something else than their source, with what is wrong."""
    for key, text in translated.items():
        if key not in source:
            continue
        own, wanted = _names(text), _names(source[key])
        if own != wanted and not _may_use(key, source, own):
            yield key, f"fills in {_list(own)}, the Dutch text {_list(wanted)}; use the same"


def _may_use(key: str, source: Mapping[str, str], own: set[str]) -> bool:
    """A variant may use what any variant of its source uses: the words differ, the facts are there."""
    base, _, last = key.rpartition(".")
    if not last.isdigit():
        return False
    variants = (text for other, text in source.items() if other.rpartition(".")[0] == base)
    return bool(own) and own <= {name for text in variants for name in _names(text)}


def _names(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _list(names: set[str]) -> str:
    return ", ".join(f"%{{{name}}}" for name in sorted(names)) or "nothing"
