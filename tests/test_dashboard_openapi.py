"""The description of the dashboard's API as the only source: each operation is asked with what it allows and with what it does
not, and each answer is one that it describes."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dashboard.api import openapi
from bot.settings import Settings
from bot.statistics.counting import open_store
from tests.dashboard_fixtures import TOKEN, Site, a_year, serve, stopped
from tests.hostile_fixtures import LEAKS
from tests.statistics_fixtures import fill, tally
from tests.test_dashboard import schema_of

DESCRIBED: dict[str, Any] = json.loads(openapi())
OPERATIONS = [(path, verb) for path, verbs in DESCRIBED["paths"].items() for verb in verbs]
MANY = int(os.environ.get("FUZZ_EXAMPLES", "40"))
FUZZ = settings(
    max_examples=MANY, deadline=None, derandomize=MANY == 40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
ANY_TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A dashboard with enough in it that some cells are shown and some are hidden."""
    var = tmp_path_factory.mktemp("described")
    store = open_store(Settings({"DREMPELHULP_VAR": str(var)}))
    fill(store, tally(itertools.islice(a_year(store.known), 400)))
    process, url = serve(var, DREMPELHULP_DASHBOARD_TOKEN=TOKEN)
    with httpx.Client(timeout=20) as http:
        yield Site(url, http, {})
    stopped(process)


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """What a `$ref` points at."""
    for name in str(node.get("$ref", "#")).split("/")[1:]:
        node = (DESCRIBED if name == "components" else node)[name]
    return node


def fitting(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    """Values that the schema of a parameter allows."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "integer":
        return st.integers(schema.get("minimum"), schema.get("maximum", 10**6)).map(str)
    return ANY_TEXT.filter(lambda text: text.isascii() and text.isprintable() and text == text.strip())


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, dict[str, str], dict[str, str], bool]:
    """(path as described, path as asked, query, headers, whether all of it is allowed)."""
    path, verb = draw(st.sampled_from(OPERATIONS))
    asked, query, headers, allowed = path, {}, {}, True
    for parameter in map(resolved, DESCRIBED["paths"][path][verb].get("parameters", ())):
        name, wrong = parameter["name"], draw(st.integers(0, 3)) == 0
        if not parameter.get("required") and draw(st.booleans()):
            continue
        if parameter["in"] == "header":
            headers[name] = draw(fitting(parameter["schema"]))
            continue
        value = draw(ANY_TEXT.filter(bool)) if wrong else draw(fitting(parameter["schema"]))
        allowed = allowed and not wrong
        if parameter["in"] == "path":
            asked = asked.replace(f"{{{name}}}", quote(value, safe=""))
        else:
            query[name] = value
    return path, asked, query, headers, allowed


@FUZZ
@given(request=requests())
def test_every_answer_is_one_that_is_described(
    site: Site, request: tuple[str, str, dict[str, str], dict[str, str], bool]
) -> None:
    path, asked, query, headers, allowed = request
    answer = site.http.get(site.url + asked, params=query, headers={"Authorization": f"Bearer {TOKEN}", **headers})
    responses = DESCRIBED["paths"][path]["get"]["responses"]
    if asked in ("/api/v1/tables/.", "/api/v1/tables/.."):  # the client itself walks up from there
        return
    assert answer.status_code in (200, 304) if allowed else answer.status_code < 500, (asked, query)
    assert str(answer.status_code) in responses or not allowed, (asked, query, answer.status_code)
    assert not LEAKS.search(answer.text if "json" in answer.headers.get("content-type", "") else "")
    described = resolved(responses.get(str(answer.status_code), {})).get("content", {})
    kind = answer.headers.get("content-type", "").split(";")[0]
    if answer.content:
        assert kind in described or not allowed, (asked, query, kind)
    if "$ref" in described.get(kind, {}).get("schema", {}):
        jsonschema.validate(answer.json(), schema_of(DESCRIBED, described[kind]["schema"]["$ref"].rsplit("/", 1)[1]))


@pytest.mark.parametrize(("path", "verb"), OPERATIONS)
@pytest.mark.parametrize("other", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_what_is_not_described_cannot_be_done(site: Site, path: str, verb: str, other: str) -> None:
    asked = site.url + path.replace("{name}", "topics")
    answer = site.http.request(other, asked, headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 405, (other, path)


@pytest.mark.parametrize(("path", "verb"), OPERATIONS)
def test_what_needs_a_token_is_refused_without_one(site: Site, path: str, verb: str) -> None:
    free = DESCRIBED["paths"][path][verb].get("security") == []
    answer = httpx.get(site.url + path.replace("{name}", "topics"), timeout=20)
    assert answer.status_code == (200 if free else 401)
