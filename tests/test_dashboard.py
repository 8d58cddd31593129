"""The dashboard over real HTTP: who gets in, what every table looks like in each form, and what the pages hold."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
import yaml
from pyexcel_ods3 import get_data

from bot.dashboard import access
from bot.dashboard.attempts import BY_FORM, BY_PROGRAM, LOCKED, Attempts
from bot.dashboard.exports import as_csv, harmless
from bot.dashboard.layout import LIMITS, MENU
from bot.dashboard.markup import Html, fill, tag
from bot.dashboard.words import has, word
from bot.paths import LOCALES
from bot.settings import Settings
from bot.statistics.counting import open_store
from bot.statistics.known import Known
from bot.statistics.measures import MEASURES
from bot.statistics.tables import Table
from tests import dashboard_fixtures
from tests.dashboard_fixtures import TOKEN, Page, Site, serve, stopped

site = dashboard_fixtures.site  # pytest finds a fixture by its name in the test's module
NAMES = [measure.name for measure in MEASURES]
PAGES = [
    "/",
    "/routes",
    "/wijken",
    "/wijken?tabel=topics",
    "/wijken?tabel=unmet",
    "/talen?tabel=routes",
    "/verloop",
    "/tabellen",
    "/kaart/gemist",
]
MAP_PAGES = [
    "/kaart",
    "/kaart?q=geld",
    "/kaart/verouderd",
    "/kaart/gaten",
    "/kaart/ding/kruispunt",
    "/kaart/bestand/csv",
]
# Who gets in


@pytest.mark.parametrize(
    "path",
    [*PAGES, *MAP_PAGES, "/nergens", "/api/v1/tables", "/api/v1/tables/topics", "/api/v1/openapi.json", "/afmelden"],
)
@pytest.mark.parametrize(
    "given", [{}, {"Authorization": "Bearer wrong"}, {"Cookie": f"{access.COOKIE}=9999999999.abc"}]
)
def test_without_the_token_nothing_is_seen(site: Site, path: str, given: dict[str, str]) -> None:
    answer = httpx.get(site.url + path, headers=given)
    assert answer.status_code == 401
    assert (answer.headers.get("www-authenticate") == "Bearer") == path.startswith("/api/")
    assert not any(f'"{name}"' in answer.text for name in NAMES)


def test_a_person_signs_in_with_the_token_and_out_again(site: Site) -> None:
    with httpx.Client(base_url=site.url) as browser:
        wrong = browser.post("/aanmelden", data={"token": "wrong", "to": "/wijken"})
        assert wrong.status_code == 401 and word("sign_in.wrong") in wrong.text and not browser.cookies
        right = browser.post("/aanmelden", data={"token": TOKEN, "to": "/wijken"})
        assert (right.status_code, right.headers["location"]) == (303, "/wijken")
        cookie = right.headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and TOKEN not in cookie
        assert browser.get("/wijken").status_code == browser.get("/api/v1/tables/topics?format=csv").status_code == 200
        assert browser.get("/afmelden").headers["location"] == "/" and browser.get("/").status_code == 401


@pytest.mark.parametrize(
    "to", ["https://elders.example/", "//elders.example", "/api/v1/tables", "", "/kaart//elders.example", "/kaart/../x"]
)
def test_after_signing_in_the_way_leads_to_a_page_of_ours(site: Site, to: str) -> None:
    answer = httpx.post(f"{site.url}/aanmelden", data={"token": TOKEN, "to": to})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("to", [*MENU.values(), "/kaart/verouderd", "/kaart/ding/kruispunt"])
def test_somebody_who_signs_in_on_a_page_comes_back_to_it(site: Site, to: str) -> None:
    form = httpx.get(site.url + to).text
    assert f'name="to" value="{to}"' in form
    assert httpx.post(f"{site.url}/aanmelden", data={"token": TOKEN, "to": to}).headers["location"] == to


def test_after_too_many_wrong_codes_none_is_looked_at_for_a_while(tmp_path: Path) -> None:
    process, url = serve(tmp_path, DREMPELHULP_DASHBOARD_TOKEN=TOKEN)
    try:
        with httpx.Client(base_url=url) as browser:
            given = [browser.post("/aanmelden", data={"token": f"guess {n}"}).status_code for n in range(BY_FORM)]
            assert given == [401] * BY_FORM
            right = browser.post("/aanmelden", data={"token": TOKEN})
            assert right.status_code == 429 and not browser.cookies
            assert 0 < int(right.headers["retry-after"]) <= LOCKED and 'role="alert"' in right.text
            program = {"Authorization": f"Bearer {TOKEN}"}
            assert browser.get("/api/v1/tables", headers=program).status_code == 200, "programs are counted apart"
            wrong = {"Authorization": "Bearer wrong"}
            codes = [browser.get("/api/v1/openapi.json", headers=wrong).status_code for _ in range(BY_PROGRAM)]
            assert codes == [401] * BY_PROGRAM
            refused = browser.get("/api/v1/tables", headers=program)
            assert refused.status_code == 429 and "retry-after" in refused.headers and "error" in refused.json()
    finally:
        stopped(process)


def test_a_count_of_wrong_codes_forgets_after_its_time() -> None:
    attempts = Attempts(3)
    for moment in (0, 10, 20):
        assert attempts.wait(moment) == 0
        attempts.wrong(moment)
    assert attempts.wait(20) == LOCKED and attempts.wait(20 + LOCKED - 0.5) == 1 and attempts.wait(20 + LOCKED) == 0
    attempts.wrong(20 + LOCKED)
    assert attempts.wait(20 + LOCKED) == 0, "three in more than a minute are not too many"


def test_slow_wrong_codes_lock_nobody_out() -> None:
    attempts = Attempts(10)
    for n in range(1000):
        assert attempts.wait(n * 7) == 0
        attempts.wrong(n * 7)


def test_a_session_ends_and_belongs_to_one_token() -> None:
    value = access.session(TOKEN, now=1000)
    end = 1000 + access.HOURS * 3600
    assert access.is_session(value, TOKEN, now=end - 1)
    assert not access.is_session(value, TOKEN, now=end) and not access.is_session(value, "another", now=1001)
    expires, _, signature = value.partition(".")
    assert not access.is_session(f"{int(expires) + 1}.{signature}", TOKEN, now=1001)


def test_a_token_that_is_not_set_is_random_and_stays_the_same_in_the_process() -> None:
    one, other = Settings({}), Settings({})
    assert access.dashboard_token(one) == access.dashboard_token(one) != access.dashboard_token(other)
    assert len(access.dashboard_token(one)) >= 24


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "path", [*MENU.values(), *MAP_PAGES, "/health", "/api/v1/tables", "/api/v1/tables/topics", "/stijl.css"]
)
def test_there_is_nothing_that_writes(site: Site, method: str, path: str) -> None:
    answer = site.http.request(method, site.url + path, headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 405


# What programs read


def test_all_tables_come_at_once_as_the_command_prints_them(site: Site) -> None:
    assert site.get("/api/v1/tables").json() == json.loads(json.dumps(site.tables))


@pytest.mark.parametrize("name", NAMES)
def test_a_table_is_the_same_in_json_csv_and_ods(site: Site, name: str) -> None:
    path = f"/api/v1/tables/{name}"
    table = site.get(path).json()
    assert table == {**json.loads(json.dumps(site.tables[name])), "next": None}
    head = ["period", "grain", *table["columns"], "n"]
    expected = [[*(row[key] for key in head[:-1]), row["cell"]["n"] or "."] for row in table["rows"]]
    as_text = site.get(f"{path}?format=csv")
    assert as_text.content.startswith(b"\xef\xbb\xbf") and "attachment" in as_text.headers["content-disposition"]
    lines = list(csv.reader(StringIO(as_text.content.decode("utf-8-sig")), delimiter=";"))
    assert lines == [head, *([str(value) for value in row] for row in expected)]
    sheet = get_data(BytesIO(site.get(f"{path}?format=ods").content))[name]
    assert [[str(value) for value in row] for row in sheet] == lines


def test_pages_of_a_table_follow_each_other_to_the_end(site: Site) -> None:
    path, rows = "/api/v1/tables/topics?size=37", []
    while path:
        page = site.get(path).json()
        rows += page["rows"]
        path = page["next"]
    assert rows == json.loads(json.dumps(site.tables["topics"]["rows"]))


@pytest.mark.parametrize(
    "query",
    [
        "size=0",
        "size=x",
        "size=1.5",
        "page=0",
        "page=-1&size=5",
        "size=10001",
        "format=xlsx",
        "size=²",
        "format=ods&page=-1",
    ],
)
def test_a_parameter_that_cannot_be_used_is_refused_with_a_reason(site: Site, query: str) -> None:
    answer = site.get(f"/api/v1/tables/topics?{query}")
    assert answer.status_code == 400 and "expected" in answer.json()["error"]


def test_what_has_not_changed_is_not_sent_again(site: Site) -> None:
    for path in ("/", "/api/v1/tables", "/api/v1/tables/topics?format=csv", "/stijl.css"):
        tag_ = site.get(path).headers["etag"]
        again = site.get(path, **{"If-None-Match": f'"other", {tag_}'})
        assert again.status_code == 304 and not again.content and again.headers["etag"] == tag_
        assert site.get(path, **{"If-None-Match": '"other"'}).status_code == 200


def test_an_unknown_table_is_not_found(site: Site) -> None:
    assert site.get("/api/v1/tables/wijk_crisis").status_code == 404


@pytest.mark.parametrize("cell", ["=1+1", "+31", "-5", "@a", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(cell: str) -> None:
    assert harmless(cell) == f"'{cell}" and harmless("geld") == "geld" and harmless(35) == 35
    row = {"period": "2026", "grain": "year", "id": cell, "cell": {"n": 10}}
    table = Table(name="crisis", definition="", grains=["year"], columns=["id"], rows=[row], total=[])
    parsed = list(csv.reader(StringIO(as_csv(table).decode("utf-8-sig"), newline=""), delimiter=";"))
    assert parsed[1] == ["2026", "year", f"'{cell}", "10"]


def schema_of(described: dict[str, Any], name: str) -> dict[str, Any]:
    """A schema of OpenAPI 3.0 as JSON Schema: `nullable` is the one thing that they say differently."""

    def translated(node: Any) -> Any:
        if isinstance(node, list):
            return [translated(item) for item in node]
        if not isinstance(node, dict):
            return node
        node = {key: translated(value) for key, value in node.items()}
        return {**node, "type": [node["type"], "null"]} if node.pop("nullable", False) else node

    return {"components": translated(described["components"]), "$ref": f"#/components/schemas/{name}"}


def test_the_description_is_true(site: Site) -> None:
    described = site.get("/api/v1/openapi.json").json()
    name_of = described["paths"]["/api/v1/tables/{name}"]["get"]["parameters"][0]
    assert described["openapi"].startswith("3.0") and name_of["schema"]["enum"] == NAMES
    for path, methods in described["paths"].items():
        assert list(methods) == ["get"]
        answer = site.get(path.format(name="topics"))
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] in methods["get"]["responses"]["200"]["content"]
    for name in NAMES:
        jsonschema.validate(site.get(f"/api/v1/tables/{name}?size=50").json(), schema_of(described, "Page"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"n": 7}, schema_of(described, "Cell"))
    jsonschema.validate(site.get("/health").json(), schema_of(described, "Health"))
    jsonschema.validate(site.get("/api/v1/tables/x").json(), schema_of(described, "Error"))


# What people see


@pytest.mark.parametrize("path", PAGES)
def test_every_chart_is_described_and_has_its_figures_in_a_table(site: Site, path: str) -> None:
    page = Page(site.get(path).text)
    for chart in page.of("svg"):
        attributes = page.elements[chart][1]
        title, description = page.inside(chart, "title"), page.inside(chart, "desc")
        ids = [page.elements[number][1]["id"] for number in (*title, *description)]
        assert attributes["role"] == "img" and attributes["aria-labelledby"] == " ".join(str(id_) for id_ in ids)
        section = next(number for number in page.elements[chart][2] if page.elements[number][0] == "section")
        table = page.text(page.inside(section, "table")[0])
        shown = [page.text(number) for number in page.inside(chart, "text") if page.text(number).isdecimal()]
        assert all(number in table.split() for number in shown)
    assert page.of("svg") or path == "/tabellen"
    assert len({id_ for _, attributes, _ in page.elements if (id_ := attributes.get("id"))}) == sum(
        "id" in attributes for _, attributes, _ in page.elements
    ), "each id stands once in the page"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_what_is_counted_and_where_its_limits_are(site: Site, path: str) -> None:
    answer = site.get(path)
    page = Page(answer.text)
    notes = page.text(next(n for n in page.of("section") if page.elements[n][1].get("class") == "notes"))
    assert all(word(f"limits.{name}") in notes for name in LIMITS)
    assert len(page.of("h1")) == len(page.of("main")) == 1 and page.elements[0][1] == {"lang": "nl"}
    assert not page.of("script") and not any("style" in attributes for _, attributes, _ in page.elements)
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", PAGES)
def test_every_figure_on_a_page_is_rounded_and_about_ten_at_least(site: Site, path: str) -> None:
    page = Page(site.get(path).text)
    cells = [page.text(cell) for cell in page.of("td")]
    figures = [int(cell) for cell in cells if cell.isdecimal()]
    assert all(n >= 10 and n % 5 == 0 for n in figures) and (figures or path == "/tabellen")


def test_the_overview_tells_the_last_month_that_is_over_in_words(site: Site) -> None:
    page = site.get("/").text
    [row] = [row for row in site.tables["conversations"]["rows"] if row["period"] == "2026-12"]
    assert "Overzicht van december 2026" in page
    assert word("overview.conversations", period="december 2026", n=row["cell"]["n"]) in page


def texts(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a file of words, with its key."""
    if isinstance(node, dict):
        for name, inner in node.items():
            yield from texts(inner, f"{path}.{name}")
    else:
        yield path, node


def test_every_text_is_whole() -> None:
    words = yaml.safe_load((LOCALES / "nl" / "dashboard.yml").read_text(encoding="utf-8"))
    empty = [path for path, text in texts(words) if not isinstance(text, str)]
    assert empty == [], "a comma in an unquoted text of a {} cuts it in two"
    sentences = [text for name in NAMES for text in [words["tables"][name]["definition"]]] + list(
        words["limits"].values()
    )[1:]
    assert [text for text in sentences if not text.endswith(".")] == []


def test_every_id_of_the_contract_has_a_name() -> None:
    known = Known.of("arnhem")
    assert [(name, id_) for name, ids in known.ids.items() for id_ in ids if not has(f"ids.{name}.{id_}")] == []
    assert [code for code in known.languages if not has(f"languages.{code}")] == []


def test_a_quarter_can_be_chosen_and_one_that_does_not_exist_is_not_found(site: Site) -> None:
    assert "het tweede kwartaal van 2026" in site.get("/wijken?periode=2026-Q2").text
    for query in ("periode=2026-Q9", "tabel=crisis", "id=niets", "periode=2027-Q1"):
        answer = site.get(f"/wijken?{query}")
        assert answer.status_code == 404 and word("errors.not_found.title") in answer.text


def test_a_chart_can_be_drawn_of_every_row_that_is_offered(site: Site) -> None:
    page = Page(site.get("/wijken?tabel=topics").text)
    links = [
        attributes["href"]
        for name, attributes, _ in page.elements
        if name == "a" and "id=" in (attributes["href"] or "")
    ]
    assert len(links) > 3 and all(site.get(str(link)).status_code == 200 for link in links)


def test_an_empty_store_has_pages_and_says_why_they_are_empty(tmp_path: Path) -> None:
    process, url = serve(tmp_path)
    try:
        with httpx.Client(base_url=url) as browser:
            assert browser.get("/health").json() == {"status": "ok"}
            token = ""
            assert process.stdout is not None
            while not token:  # it is printed where no token is set
                token = process.stdout.readline().strip().partition("Toegangscode: ")[2]
            browser.post("/aanmelden", data={"token": token})
            for path in PAGES:
                answer = browser.get(path)
                assert answer.status_code == 200 and word("site.fictional") not in answer.text
                assert word("site.no_period") in answer.text or path == "/tabellen"
            open_store(Settings({"DREMPELHULP_VAR": str(tmp_path)})).mark_fictional()
            assert all(word("site.fictional") in browser.get(path).text for path in PAGES)
    finally:
        stopped(process)


def test_a_database_that_is_away_is_said_and_comes_back_by_itself(tmp_path: Path) -> None:
    in_the_way = tmp_path / "statistics.db"
    in_the_way.mkdir()
    process, url = serve(tmp_path, DREMPELHULP_DASHBOARD_TOKEN=TOKEN)
    try:
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}) as program:
            assert program.get("/health").status_code == program.get("/api/v1/tables").status_code == 503
            assert program.get("/kaart").status_code == program.get("/kaart/gaten").status_code == 200
            page = program.get("/")
            assert page.status_code == 503 and word("errors.away.title") in page.text
            in_the_way.rmdir()
            assert program.get("/health").status_code == program.get("/").status_code == 200
    finally:
        stopped(process)


def test_what_is_not_markup_is_escaped() -> None:
    assert tag("td", '<b a="1">', title='"&') == '<td title="&quot;&amp;">&lt;b a=&quot;1&quot;&gt;</td>'
    assert tag("p", Html("<b>"), None) == "<p><b></p>"
    filled = fill("figure.html", id="x", title="<script>", chart=Html("<svg>"), table="", intro="")
    assert "&lt;script&gt;" in filled and "<svg>" in filled
