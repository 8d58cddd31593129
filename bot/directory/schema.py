"""Checks a file against data/schema/<name>.json, the same schema that an editor shows while somebody types.

Only the words of JSON Schema that those files use are known here. What was expected is the schema's own `description`,
how to mend it its first of `examples`, so that a rule and its explanation stand in one place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from bot.directory.mistakes import Mistake, nearest
from bot.directory.yaml_lines import Place, YamlFile
from bot.paths import DATA

Schema = dict[str, Any]
TYPES: dict[str, type] = {"string": str, "boolean": bool, "integer": int, "object": dict, "array": list}


@cache
def schema(name: str) -> Schema:
    """The schema of that name, with its references filled in."""
    whole = json.loads((DATA / "schema" / f"{name}.json").read_text(encoding="utf-8"))
    filled: Schema = _filled(whole, whole.get("$defs", {}))
    return filled


def _filled(part: Any, definitions: Schema) -> Any:
    if isinstance(part, list):
        return [_filled(item, definitions) for item in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        target = definitions[part["$ref"].rsplit("/", 1)[1]]
        return _filled({**target, **{key: value for key, value in part.items() if key != "$ref"}}, definitions)
    return {key: _filled(value, definitions) for key, value in part.items() if key != "$defs"}


def mistakes_in(file: YamlFile, rule: Schema) -> list[Mistake]:
    """All that in the file does not keep to the schema."""
    if file.value is None and file.mistakes:
        return file.mistakes
    return [*file.mistakes, *_check(file.value, rule, (), file)]


def _check(value: Any, rule: Schema, place: Place, file: YamlFile) -> Iterator[Mistake]:
    wanted = TYPES.get(rule.get("type", ""))
    if wanted and (not isinstance(value, wanted) or (wanted is int and isinstance(value, bool))):
        yield _wrong(value, rule, place, file)
    elif isinstance(value, dict):
        yield from _check_mapping(value, rule, place, file)
    elif isinstance(value, list):
        yield from _check_list(value, rule, place, file)
    elif isinstance(value, int) and not rule.get("minimum", value) <= value <= rule.get("maximum", value):
        yield _wrong(value, rule, place, file)
    elif "enum" in rule and value not in rule["enum"]:
        what = f"{_name(place)} is {value!r}"
        yield file.mistake(place, what, rule.get("description", "a known word"), nearest(str(value), rule["enum"]))
    elif "pattern" in rule and not re.search(rule["pattern"], value):
        yield _wrong(value, rule, place, file)


def _check_mapping(value: dict[str, Any], rule: Schema, place: Place, file: YamlFile) -> Iterator[Mistake]:
    known, other = rule.get("properties", {}), rule.get("additionalProperties", True)
    names = rule.get("propertyNames", {})
    for key, item in value.items():
        here = (*place, key)
        if "enum" in names and key not in names["enum"]:
            yield file.mistake(here, f"unknown {key!r}", names["description"], nearest(key, names["enum"]))
        elif "pattern" in names and not re.search(names["pattern"], key):
            yield file.mistake(here, f"unknown {key!r}", names["description"], f"for example {names['examples'][0]!r}")
        elif key in known or isinstance(other, dict):
            yield from _check(item, known.get(key, other), here, file)
        elif other is False:
            yield file.mistake(here, f"unknown key {key!r}", "a field of the schema", nearest(key, known))
    for key in rule.get("required", ()):
        if key not in value:
            wanted = known.get(key, {}).get("description", f"a value for {key}")
            yield file.mistake(place, f"{_name((*place, key))} is missing", wanted, f"add {key!r}")


def _check_list(value: list[Any], rule: Schema, place: Place, file: YamlFile) -> Iterator[Mistake]:
    if len(value) < rule.get("minItems", 0):
        yield file.mistake(place, f"{_name(place)} is empty", "at least one", f"add one or leave {_name(place)} out")
    for number, item in enumerate(value):
        here = (*place, number)
        if rule.get("uniqueItems") and item in value[:number]:
            yield file.mistake(here, f"{item!r} stands here twice", "each once", "leave one of the two out")
        yield from _check(item, rule.get("items", {}), here, file)


def _wrong(value: Any, rule: Schema, place: Place, file: YamlFile) -> Mistake:
    examples = rule.get("examples")
    mend = f"for example {json.dumps(examples[0], ensure_ascii=False)}" if examples else "see docs/directory.md"
    if rule.get("type") == "string" and isinstance(value, int):
        mend = f'put it in quotes: "{value}"'
    return file.mistake(place, f"{_name(place)} is {value!r}", rule.get("description", str(rule.get("type"))), mend)


def _name(place: Place) -> str:
    """How a place is called in a message: `sources[0].title`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return text.lstrip(".") or "the file"
