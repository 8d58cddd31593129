"""One value as YAML: plain where every reader takes it for the same text, in double quotes elsewhere."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from bot.directory.yaml_lines import Yaml12Loader

YAML_1_1: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""How most other programs read it: `no` is false there, `12:30` a number."""
UNSAFE = re.compile("[^\t -~\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029]")
"""Signs that YAML does not take as they are, or takes for the end of a line."""


def scalar(value: Any, quote: bool = False) -> str:
    """One value: plain where every YAML reader takes it for the same text, in double quotes elsewhere."""
    if not isinstance(value, str):
        return json.dumps(value)
    if not quote and value[:1].isalnum() and "\n" not in value and not UNSAFE.search(value) and plain(value):
        return value
    return UNSAFE.sub(_escaped, json.dumps(value, ensure_ascii=False))


def plain(text: str) -> bool:
    """Whether it may stand without quotes, for YAML 1.1 and 1.2 alike."""
    try:
        return all(yaml.load(f"text: {text}", Loader=loader) == {"text": text} for loader in (Yaml12Loader, YAML_1_1))
    except (yaml.YAMLError, ValueError):
        return False


def _escaped(sign: re.Match[str]) -> str:
    number = ord(sign.group())
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
