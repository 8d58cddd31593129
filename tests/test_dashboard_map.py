"""The social map on the dashboard: an editor searches, filters, opens, fetches it, and is told what is wrong in the files."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from html import escape
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as BrowserPage
from pyexcel_ods3 import get_data

from bot.dashboard.layout import MENU
from bot.dashboard.map_words import wijk_names
from bot.dashboard.pages.social_map.listing import PAGE, listing
from bot.dashboard.pages.social_map.parts import broken
from bot.dashboard.search import Index
from bot.dashboard.social_map import Shelf, SocialMap
from bot.dashboard.words import has, word
from bot.directory import DirectoryErrors, load
from bot.directory.folder import Record, records
from bot.directory.hsds import mistakes as hsds_mistakes
from bot.directory.schema import schema
from bot.paths import GEMEENTEN, ROOT
from bot.settings import Settings
from tests import dashboard_fixtures, widget_fixtures
from tests.dashboard_fixtures import TOKEN, Page, Site, serve, stopped

# pytest finds a fixture by its name in the test's module.
site, chromium = dashboard_fixtures.site, widget_fixtures.chromium

PAGES = [
    "/kaart",
    "/kaart?q=geld&soort=voorziening",
    "/kaart?q=xqzxqz",
    "/kaart/verouderd",
    "/kaart/gaten",
    "/kaart/gemist",
    "/kaart/ding/kruispunt",
    "/kaart/ding/plek-bruishuis",
]
TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxml",
    "ods": "application/vnd.oasis",
}
WCAG = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
}


@pytest.fixture(scope="module")
def social_map() -> SocialMap:
    """The map of the town in which every field is filled in."""
    return Shelf(
        Settings({"DREMPELHULP_GEMEENTE": "voorbeeldstad", "DREMPELHULP_NOW": "2026-11-24T10:30"})
    ).social_map()


def names(page: Page) -> list[str]:
    """Ids of the things that a page lists, in their order."""
    hrefs = [str(attributes.get("href")) for name, attributes, _ in page.elements if name == "a"]
    return [href.rsplit("/", 1)[1] for href in hrefs if href.startswith("/kaart/ding/")]


def listed(site: Site, query: str) -> list[str]:
    return names(Page(site.get(f"/kaart?{query}").text))


# Every page


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_map_is_whole_and_needs_no_script(site: Site, path: str) -> None:
    answer = site.get(path)
    page = Page(answer.text)
    assert answer.status_code == 200 and page.elements[0][1] == {"lang": "nl"}
    assert len(page.of("h1")) == len(page.of("main")) == 1
    assert not page.of("script") and not any("style" in attributes for _, attributes, _ in page.elements)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    ids = [attributes["id"] for _, attributes, _ in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids)), "each id stands once in the page"
    current = [page.text(n) for n in page.of("a") if page.elements[n][1].get("aria-current") == "page"]
    assert word("pages.kaart.menu") in current


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_the_map_leads_somewhere(site: Site, path: str) -> None:
    page = Page(site.get(path).text)
    links = {str(page.elements[n][1]["href"]) for n in page.of("a")}
    own = sorted(link for link in links if link.startswith("/") and link != "/afmelden")
    some = [link for link in own if not link.startswith("/kaart/ding/")] + names(page)[:2]
    for link in some:
        path_ = link if link.startswith("/") else f"/kaart/ding/{link}"
        assert site.get(path_).status_code == 200, path_


@pytest.mark.parametrize(
    "path",
    ["/kaart?soort=winkel", "/kaart?wijk=nergens", "/kaart?onderwerp=etten", "/kaart?nagekeken=ooit", "/kaart?pagina=0",
     "/kaart?pagina=99", "/kaart?pagina=x", "/kaart/ding/nergens", "/kaart/ding/..%2F..%2Fgemeente", "/kaart/bestand/exe",
     "/kaart/gemist?periode=2026-Q9", "/kaart/anders"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(site: Site, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 404 and word("errors.not_found.title") in answer.text


# Searching


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("luisterlijn", "luisterlijn"),
        ("LUISTERLIJN", "luisterlijn"),
        ("luisterlyn", "luisterlijn"),
        ("luistrlijn", "luisterlijn"),
        ("autismecafe", "autismecafe"),
        ("autismecafé", "autismecafe"),
        ("klarendaal", "plek-mfc-klarendal"),
        ("klarendal mfc", "plek-mfc-klarendal"),
        ("spreekuur malburgen", "wijkteam-malburgen-inloop"),
        ("schulden", "geldfit"),
        ("mantelz", "mantelzorglijn"),
        ("  Kruispunt  ", "kruispunt"),
    ],
)
def test_a_thing_is_found_by_what_somebody_types(site: Site, question: str, found: str) -> None:
    assert found in listed(site, f"q={question}")[:10]


@pytest.mark.parametrize("question", ["xqzxqz", "luisterlijn klarendal", "%", "'; --", "<b>xq</b>"])
def test_what_nobody_has_is_not_found_and_said_so(site: Site, question: str) -> None:
    page = site.http.get(f"{site.url}/kaart", params={"q": question}, headers={"Authorization": f"Bearer {TOKEN}"}).text
    assert names(Page(page)) == [] and "<b>" not in page
    assert (word("map.found.none") in page) or not question.strip()


def test_the_name_counts_more_than_the_rest() -> None:
    index = Index({"a": [(1, "geld")], "b": [(3, "Geldlijn")], "c": [(3, "Geld")]})
    assert index.search("geld") == ["c", "b", "a"] and index.search("") == index.search("  ") == []
    assert index.search("gled") == ["c", "a"], "no word has these letters in this order, one is like it"
    assert index.search("gel d") == []


def test_a_long_question_is_answered_at_once(site: Site) -> None:
    assert site.get(f"/kaart?q={'geld+' * 500}").status_code == 200


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("soort=wijkteam", lambda record: record.section == "wijkteams"),
        ("soort=crisis", lambda record: record.values.get("kind") == "crisis"),
        ("wijk=elden", lambda record: "elden" in record.values.get("wijken", ["elden"])),
        ("nagekeken=waiting", lambda record: "status" in record.values),
        ("nagekeken=fresh", lambda record: "status" not in record.values),
        ("nagekeken=old", lambda record: False),
        ("onderwerp=eten&soort=spreekuur", lambda r: r.section == "spreekuren" and "eten" in r.values.get("topics", ["eten"])),
    ],
)  # fmt: skip
def test_a_choice_leaves_what_fits_it(site: Site, query: str, fits: Any) -> None:
    expected = sorted(record.id for record in records(GEMEENTEN / "arnhem") if fits(record))
    pages = -(-len(expected) // PAGE) or 1
    assert sorted(id_ for page in range(pages) for id_ in listed(site, f"{query}&pagina={page + 1}")) == expected


def test_what_is_for_the_chosen_wijk_alone_comes_before_what_is_for_all(social_map: SocialMap) -> None:
    _, content = listing(social_map, {"wijk": "parkzicht"})
    alone = [bool(social_map.things[id_].service.wijken) for id_ in names(Page(content))]
    assert alone == sorted(alone, reverse=True) and True in alone and False in alone


def test_the_pages_of_what_was_found_hold_each_thing_once(site: Site) -> None:
    both = listed(site, "pagina=1") + listed(site, "pagina=2")
    assert sorted(both) == sorted(record.id for record in records(GEMEENTEN / "arnhem"))


def test_the_counts_are_those_of_the_files(social_map: SocialMap) -> None:
    _, content = listing(social_map, {})
    page = Page(content)
    last = page.of("tr")[-1]
    cells = [page.text(number) for number in page.inside(last, "td")]
    waiting = len(social_map.directory.unconfirmed)
    assert cells == [str(n) for n in (len(social_map.things), len(social_map.directory.services), 0, 0, 0, waiting)]


# One thing


def values_of(record: Record) -> Iterator[str]:
    """What a file holds that is not said in other words: names, numbers, sentences, sources."""
    own_words = ("id", "name", "organisation", "phone", "phone_alt", "whatsapp", "email", "address", "location", "url",
                 "hours", "ask_for", "note", "why_unconfirmed", "checked_by")  # fmt: skip
    yield from (record.values[name] for name in own_words if name in record.values)
    for name in ("say", "not_for", "cost"):
        yield from record.values.get(name, {}).values()
    for source in record.values["sources"]:
        yield from source.values()


@pytest.mark.parametrize("town", ["voorbeeldstad", "arnhem"])
def test_the_page_of_a_thing_shows_all_that_its_file_holds(town: str) -> None:
    from bot.dashboard.pages.social_map.thing import one_thing

    settings = Settings({"DREMPELHULP_GEMEENTE": town, "DREMPELHULP_NOW": "2026-11-24T10:30"})
    whole = Shelf(settings).social_map()
    found = records(GEMEENTEN / town)
    assert len(found) == len(whole.things)
    for record in found:
        heading, content = one_thing(whole, record.id, settings.moment())
        page = Page(content)
        text = " ".join(
            [heading, *(words for words, _ in page.words), *(a.get("href") or "" for _, a, _ in page.elements)]
        )
        assert [value for value in values_of(record) if value not in text] == [], record.id
        assert f"data/gemeenten/{town}/{record.section}/{record.id}.yml" in text
        terms = [page.text(term) for term in page.of("dt")]
        said_apart = {"name", "kind", "status", "why_unconfirmed", "sources", "checked", "checked_by"}
        assert [name for name in record.values.keys() - said_apart if word(f"map.fields.{name}") not in terms] == []


def test_a_sentence_is_marked_with_its_language(site: Site) -> None:
    page = Page(site.get("/kaart/ding/kruispunt").text)
    marked = {attributes["lang"] for name, attributes, _ in page.elements if name == "span" and "lang" in attributes}
    assert marked == {"nl", "tr", "pl", "pap", "en"}


def test_what_residents_do_not_see_says_why(site: Site) -> None:
    page = site.get("/kaart/ding/plek-bruishuis").text
    assert word("map.thing.not_shown", status=word("map.statuses.unconfirmed")) in page
    assert load(GEMEENTEN / "arnhem").unconfirmed["plek-bruishuis"].why in page


def test_every_word_of_the_map_has_a_dutch_one() -> None:
    properties = schema("service")["properties"]
    assert [name for name in properties if not has(f"map.fields.{name}")] == []
    listed_ = {name: rule["items"]["enum"] for name, rule in properties.items() if "enum" in rule.get("items", {})}
    listed_["documents"] = listed_["languages"]
    for name, values in listed_.items():
        if name in ("topics", "crisis", "removes"):
            continue
        key = "languages" if name == "documents" else name
        assert [value for value in values if not has(f"map.words.{key}.{value}")] == [], name
    assert [status for status in properties["status"]["enum"] if not has(f"map.statuses.{status}")] == []


def test_a_list_that_lacks_little_is_told_by_what_it_lacks(social_map: SocialMap) -> None:
    every = tuple(social_map.directory.wijken)
    assert wijk_names(social_map.directory, every) == word("map.gaps.all_wijken", n=4)
    assert wijk_names(social_map.directory, every[:2]) == "Dorpskern, Havenkwartier"
    big = load(GEMEENTEN / "arnhem")
    left = next(iter(big.wijken.values()))
    assert wijk_names(big, [id_ for id_ in big.wijken if id_ != left.id]) == word(
        "map.gaps.but_wijken", labels=left.name
    )


# The map as a file


@pytest.mark.parametrize("kind", TYPES)
def test_the_map_is_fetched_as_a_file_with_every_thing_in_it(site: Site, kind: str) -> None:
    answer = site.get(f"/kaart/bestand/{kind}")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith(TYPES[kind])
    assert answer.headers["content-disposition"] == f'attachment; filename="kaart-arnhem.{kind}"'
    expected = sorted(record.id for record in records(GEMEENTEN / "arnhem"))
    if kind == "json":
        document = answer.json()
        assert hsds_mistakes(document) == [] and json.dumps(document).count('"kruispunt"') >= 1
        return
    rows = rows_of(kind, answer.content)
    column = rows[0].index("id")
    assert sorted(str(row[column]).lstrip("'") for row in rows[1:]) == expected


def rows_of(kind: str, data: bytes) -> list[list[Any]]:
    if kind == "csv":
        text = data.decode("utf-8-sig")
        return list(csv.reader(StringIO(text, newline=""), delimiter=";" if ";" in text.splitlines()[0] else ","))
    if kind == "ods":
        return next(iter(get_data(BytesIO(data)).values()))
    book = load_workbook(BytesIO(data))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


# The files change


def test_a_mistake_in_the_files_is_told_and_the_last_good_map_stays(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(GEMEENTEN / "voorbeeldstad", tmp_path / "stadje"))
    path = folder / "nummers" / "geldlijn.yml"
    good = path.read_text(encoding="utf-8")
    settings = {"DREMPELHULP_DASHBOARD_TOKEN": TOKEN, "DREMPELHULP_GEMEENTE": str(folder)}
    process, url = serve(tmp_path / "var", **settings)
    try:
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=20) as editor:
            assert "Geldlijn Voorbeeldstad" in editor.get("/kaart?q=geldlijn").text
            path.write_text(good.replace("name: Geldlijn", "name: Centenlijn"), encoding="utf-8")
            assert "Centenlijn Voorbeeldstad" in editor.get("/kaart?q=centenlijn").text
            path.write_text(good.replace("topics: [geld]", "topics: [gelt]"), encoding="utf-8")
            page = editor.get("/kaart?q=centenlijn").text
            assert "Centenlijn Voorbeeldstad" in page and word("map.broken.title") in page and "geldlijn.yml:" in page
            assert editor.get("/kaart/bestand/csv").status_code == 409
            path.write_text(good, encoding="utf-8")
            assert word("map.broken.title") not in editor.get("/kaart").text
    finally:
        stopped(process)


def test_where_no_map_was_ever_good_all_mistakes_are_told(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(GEMEENTEN / "voorbeeldstad", tmp_path / "stadje"))
    for name in ("geldlijn", "luisterlijn"):
        path = folder / "nummers" / f"{name}.yml"
        path.write_text(path.read_text("utf-8").replace("topics: [", "topics: [etten, "), encoding="utf-8")
    with pytest.raises(DirectoryErrors) as errors:
        Shelf(Settings({"DREMPELHULP_GEMEENTE": str(folder)})).social_map()
    lines = [str(mistake) for mistake in errors.value.mistakes]
    page = broken(lines)
    assert len(lines) == 2 and all(escape(line) in page for line in lines) and word("map.broken.nothing") in page


def test_the_map_is_read_again_only_when_a_file_changes(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(GEMEENTEN / "voorbeeldstad", tmp_path / "stadje"))
    shelf = Shelf(Settings({"DREMPELHULP_GEMEENTE": str(folder)}))
    first = shelf.social_map()
    assert shelf.social_map() is first
    (folder / "nummers" / "geldlijn.yml").unlink()
    assert "geldlijn" in first.things and "geldlijn" not in shelf.social_map().things


# In a browser


@pytest.fixture
def editor(chromium: Browser, site: Site) -> Iterator[BrowserPage]:
    """Somebody with the token and without JavaScript's help: the pages have none."""
    context = chromium.new_context(extra_http_headers={"Authorization": f"Bearer {TOKEN}"}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def findings(page: BrowserPage) -> list[str]:
    page.evaluate(Axe().axe_script)
    found: list[str] = page.evaluate(
        """rules => axe.run(rules).then(({ violations }) => violations.flatMap(
        rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 120)}`)))""",
        WCAG,
    )
    return found


@pytest.mark.parametrize("path", [*MENU.values(), *PAGES[1:]])
def test_axe_finds_nothing_wide_or_narrow(editor: BrowserPage, site: Site, path: str) -> None:
    editor.goto(site.url + path)
    for width in (1280, 320):
        editor.set_viewport_size({"width": width, "height": 900})
        assert findings(editor) == []
        assert editor.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"scrolls sideways at {width} px"


def test_axe_does_find_what_is_wrong_there(editor: BrowserPage, site: Site) -> None:
    editor.goto(f"{site.url}/kaart")
    editor.evaluate("document.querySelector('label[for=wijk]').remove()")
    assert [finding.split(":")[0] for finding in findings(editor)] == ["select-name"]


def test_the_map_is_searched_and_a_thing_opened_with_the_keyboard_alone(editor: BrowserPage, site: Site) -> None:
    editor.goto(f"{site.url}/kaart")
    editor.get_by_role("searchbox").focus()
    editor.keyboard.type("kruispnt")
    editor.keyboard.press("Enter")
    expect(editor).to_have_url(f"{site.url}/kaart?q=kruispnt&soort=&onderwerp=&wijk=&nagekeken=")
    link = editor.get_by_role("link", name="Huiskamer Kruispunt")
    link.focus()
    assert link.evaluate("e => getComputedStyle(e).outlineStyle") == "solid", "where the focus is can be seen"
    editor.keyboard.press("Enter")
    expect(editor.get_by_role("heading", level=1)).to_have_text("Huiskamer Kruispunt")
    expect(editor.get_by_text("spreekuren/kruispunt.yml")).to_be_visible()


def test_a_print_leaves_out_what_paper_cannot_do(editor: BrowserPage, site: Site) -> None:
    editor.goto(f"{site.url}/kaart")
    editor.emulate_media(media="print")
    for hidden in (editor.get_by_role("search"), editor.get_by_role("navigation").first):
        expect(hidden).to_be_hidden()
    expect(editor.get_by_role("link", name="Autismecafé")).to_be_visible()


def test_the_file_of_a_thing_is_one_that_an_editor_can_open(site: Site) -> None:
    page = Page(site.get("/kaart/ding/kruispunt").text)
    shown = [page.text(number) for number in page.of("code")]
    assert any((ROOT / text).is_file() for text in shown if text.endswith(".yml"))
