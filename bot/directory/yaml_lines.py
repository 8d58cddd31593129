"""Reads a YAML file as YAML 1.2 means it, and remembers on which line each value stands.

PyYAML by itself reads YAML 1.1, in which `no` is false, `12:30` is 750 and `0202` is 130. Here only true, false, null
and plain whole numbers are anything but text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import yaml

from bot.directory.mistakes import Mistake

Place = tuple[str | int, ...]
"""The way to a value inside a file: ("sources", 0, "title")."""

PLAIN = (
    ("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf")),
    ("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""]),
    ("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789")),
)


FASTEST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's safe loader where PyYAML has it: five times as fast."""


class Yaml12Loader(FASTEST):
    """PyYAML's safe loader with the plain values of YAML 1.2."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


for _tag, _pattern, _first in PLAIN:
    Yaml12Loader.add_implicit_resolver(_tag, _pattern, _first)


@dataclass
class YamlFile:
    """What a file holds, and where."""

    path: Path
    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """The line of a value, or of what it would stand in."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def mistake(self, place: Place, what: str, expected: str, mend: str) -> Mistake:
        return Mistake(self.path, self.line(place), what, expected, mend)


def read_yaml(path: Path) -> YamlFile:
    """The file with its lines; what is no YAML at all, or has a key twice, is among its mistakes."""
    file = YamlFile(path)
    try:
        loader = Yaml12Loader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "the text is not UTF-8"
        line = mark.line + 1 if mark else 1
        file.mistakes.append(
            Mistake(path, line, f"no YAML: {problem}", "YAML", "look at the indent, quotes and colons")
        )
        return file
    if node is not None:
        file.value = _value(node, (), file, loader)
    return file


def _value(node: yaml.Node, place: Place, file: YamlFile, loader: Any) -> Any:
    """The plain value of a node; notes its line, and every key that stands there twice."""
    file.lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*place, number), file, loader) for number, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return loader.construct_object(node)
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in found:
            what = f"{key!r} stands here twice"
            line = key_node.start_mark.line + 1
            file.mistakes.append(Mistake(file.path, line, what, "each key once", "leave one of the two out"))
        here = (*place, key)
        found[key] = _value(value_node, here, file, loader)
        file.lines[here] = key_node.start_mark.line + 1
    return found
