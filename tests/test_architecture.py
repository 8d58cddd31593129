"""Who may import whom. Change the tables when the architecture changes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CORE = {
    "bot.model", "bot.languages", "bot.settings", "bot.paths", "bot.taxonomy", "bot.choices", "bot.folding", "bot.sealing",
}  # fmt: skip
MAY_IMPORT = {
    "bot.directory": CORE,
    "bot.routing": CORE | {"bot.directory"},
    "bot.conversation": CORE,
    "bot.nlu": CORE,
    "bot.i18n": CORE,
    "bot.voice": CORE,
    "bot.channels": CORE | {"bot.i18n", "bot.directory", "bot.routing", "bot.voice"},
    "bot.statistics": CORE,
    "bot.dashboard": CORE | {"bot.statistics", "bot.i18n", "bot.directory"},
    "bot.engine": CORE | {"bot.channels", "bot.conversation", "bot.nlu", "bot.statistics"},
    "bot.checks": CORE | {"bot.directory", "bot.routing", "bot.conversation", "bot.nlu", "bot.i18n"},
    "actions": CORE | {"bot.conversation", "bot.routing", "bot.directory", "bot.i18n"},
}
EDGES = {
    "bot.nlu.local": {"bot.directory"}, "bot.i18n.generator": {"bot.directory"}, "bot.checks.whatsapp": {"bot.channels"},
    "bot.engine.failing": {"bot.directory", "bot.routing", "bot.i18n"}, "bot.engine.switch": {"bot.i18n"},
}  # fmt: skip
"""Where two features meet: a model with a municipality's places, words with its names, texts with a channel's limits,
a turn that broke down with the number to call."""
KNOWS_RASA = {
    "bot.nlu.components",
    "bot.i18n.generator",
    "bot.channels.web",
    "bot.channels.whatsapp.talk",
    "bot.engine",
}
KNOWS_SANIC = {
    "bot.channels.asking",
    "bot.channels.entrance",
    "bot.channels.web",
    "bot.channels.site",
    "bot.channels.surroundings",
    "bot.channels.sound",
    "bot.channels.whatsapp.webhook",
    "bot.engine",
    "bot.dashboard",
}
KNOWS_SQLALCHEMY = {"bot.statistics", "bot.engine", "bot.dashboard"}
MODULES = sorted(path for top in ("bot", "actions") for path in (ROOT / top).rglob("*.py"))


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def package_of(name: str) -> str:
    return "actions" if name.split(".")[0] == "actions" else ".".join(name.split(".")[:2])


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_inward(path: Path) -> None:
    name = name_of(path)
    package = package_of(name)
    if package in ("bot.__main__", "bot.commands", "bot"):
        return
    allowed = MAY_IMPORT.get(package, CORE) | {package} | EDGES.get(name, set())
    for imported in imports_of(path):
        assert not imported.startswith("."), f"{name}: write imports in full"
        if imported.split(".")[0] in ("bot", "actions"):
            assert package_of(imported) in allowed, f"{name} imports {imported}; it may import {sorted(allowed)}"


@pytest.mark.parametrize(
    ("library", "knows"), [("rasa", KNOWS_RASA), ("sanic", KNOWS_SANIC), ("sqlalchemy", KNOWS_SQLALCHEMY)]
)
def test_a_framework_stands_at_its_edge(library: str, knows: set[str]) -> None:
    for path in MODULES:
        name = name_of(path)
        if library in {imported.split(".")[0] for imported in imports_of(path)}:
            assert name in knows or package_of(name) in knows, f"{name} imports {library}; only {sorted(knows)} may"


CALL_ACTIONS = {"bot.engine.actions_inside", "bot.engine.inside_action"}


def test_only_actions_talk_to_the_action_sdk() -> None:
    for path in MODULES:
        name = name_of(path)
        if "rasa_sdk" in {imported.split(".")[0] for imported in imports_of(path)}:
            assert package_of(name) == "actions" or name in CALL_ACTIONS, name


def test_no_municipality_is_named_in_the_code() -> None:
    """Another municipality forks by replacing data; only the default of one setting names ours."""
    for path in MODULES:
        if name_of(path) != "bot.settings":
            strings = (n.value for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Constant))
            assert not any(isinstance(s, str) and s.lower() in ("arnhem", "klarendal") for s in strings), path


def test_no_sentence_for_residents_stands_in_python() -> None:
    """A string with a space and a final stop or question mark, outside docstrings and errors, would be one."""
    for path in MODULES:
        package = package_of(name_of(path))
        if package not in ("actions", "bot.conversation", "bot.i18n", "bot.channels"):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
                text = node.value.strip()
                assert not (text.endswith(("?", "!", ".")) and text.count(" ") > 1), f"{path}:{node.lineno}: {text}"
