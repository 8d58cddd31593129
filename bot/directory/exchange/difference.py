"""What an import would do, as lines for a person: what comes, what changes field by field, what is not in the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bot.directory.exchange.columns import SECTION
from bot.directory.exchange.house_yaml import in_order
from bot.directory.folder import Change, Changes, Record

NOTHING = "(nothing)"


def lines(changes: Changes) -> Iterator[str]:
    """`+` comes, `~` changes, `-` goes, `=` stays though the file does not have it."""
    yield from (f"+ {_named(record)}" for record in changes.added)
    for change in changes.changed:
        yield f"~ {_named(change.before)}"
        yield from (f"    {line}" for line in _fields(change))
    sign, why = ("-", "not in the file: removed") if changes.removed else ("=", "not in the file: stays (see --remove)")
    yield from (f"{sign} {_named(record)} ({why})" for record in changes.missing)
    yield summary(changes)


def summary(changes: Changes) -> str:
    kept = "removed" if changes.removed else "not in the file"
    return f"{len(changes.added)} added, {len(changes.changed)} changed, {len(changes.missing)} {kept}"


def _named(record: Record) -> str:
    return f"{record.section}/{record.id}: {record.values.get('name', '')}"


def _fields(change: Change) -> Iterator[str]:
    """`field: old -> new`, in the order of the schema; a sentence or a feast day by itself."""
    before, after = _flat(change.before), _flat(change.after)
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if json.dumps(old) != json.dumps(new):
            yield f"{name}: {_shown(old)} -> {_shown(new)}"


def _flat(record: Record) -> dict[str, Any]:
    found: dict[str, Any] = {SECTION: record.section}
    for name in in_order(record.values):
        value = record.values[name]
        if isinstance(value, dict):
            found |= {f"{name}.{part}": item for part, item in value.items()}
        else:
            found[name] = value
    return found


def _shown(value: Any) -> str:
    return NOTHING if value is None else json.dumps(value, ensure_ascii=False)
