"""Holds a document to HSDS 3.0: to data/schema/hsds/page.json, or to the published schema files themselves."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from bot.directory.hsds.words import FOLDER

FORMATS = FormatChecker(formats=("uuid", "email"))


def mistakes(document: Any, published: Path | None = None) -> list[str]:
    """Each place where the document is no HSDS, `contents[3].phones[0].number: …`; empty where it is.

    A document is a page of services, as the HSDS API gives them, or a single service. `published`: a folder with the
    schema files of github.com/openreferral/specification.
    """
    page, service = _validators(published)
    if isinstance(document, dict) and "contents" not in document and "id" in document:
        return _told(service.iter_errors(document), "")
    found = _told(page.iter_errors(document), "")
    if published and isinstance(document, dict) and isinstance(document.get("contents"), list):
        for number, item in enumerate(document["contents"]):
            found += _told(service.iter_errors(item), f"contents[{number}]")
    return found


def _told(errors: Iterable[ValidationError], start: str) -> list[str]:
    told = []
    for error in sorted(errors, key=lambda error: [str(part) for part in error.absolute_path]):
        place = start + "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in error.absolute_path)
        told.append(f"{place.lstrip('.') or 'the document'}: {error.message[:300]}")
    return told


@cache
def _validators(published: Path | None) -> tuple[Draft202012Validator, Draft202012Validator]:
    """For a page, and for one service."""
    own = json.loads((FOLDER / "page.json").read_text(encoding="utf-8"))
    if published is None:
        one = {"$ref": "#/$defs/service", "$defs": own["$defs"]}
        return Draft202012Validator(own, format_checker=FORMATS), Draft202012Validator(one, format_checker=FORMATS)
    files = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in published.glob("*.json")}
    registry: Registry = Registry().with_resources(
        (name, Resource.from_contents(schema, DRAFT202012)) for name, schema in files.items() if "properties" in schema
    )
    page = {"type": "object", "required": ["contents"], "properties": {"contents": {"type": "array"}}}
    theirs = Draft202012Validator({"$ref": "service.json"}, registry=registry, format_checker=FORMATS)
    return Draft202012Validator(page), theirs
