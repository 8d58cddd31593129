"""The hulpkaart in a real browser, on a screen and on paper, in five languages; and its calendar file."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import segno
from axe_playwright_python.sync_playwright import Axe
from icalendar import Calendar
from playwright.sync_api import Browser, Page, Route

from bot.channels.calendar_file import calendar_file
from bot.channels.card import Card, render_card
from bot.channels.site import CARD_STYLE
from bot.directory import Directory, load
from bot.i18n.catalogue import catalogue
from bot.model import Service
from bot.paths import GEMEENTEN, WIDGET
from bot.settings import AMSTERDAM
from tests import widget_fixtures

chromium = widget_fixtures.chromium  # pytest finds a fixture by its name in the test's module

LANGUAGES = ("nl", "tr", "pl", "pap", "en")
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=AMSTERDAM)
UNTIL = NOW + timedelta(days=40)
ADDRESS = f"https://drempelhulp.example/hulpkaart/{'AbC-_9xYz0' * 16}"
MAP = load(GEMEENTEN / "voorbeeldstad")
ARNHEM = load(GEMEENTEN / "arnhem")
FULL = replace(
    MAP.services["spreekuur-papieren-parkzicht"],
    email="papieren@voorbeeldstad.example",
    location="MFC Parkzicht",
    documents=("nl", "tr", "pl"),
    age_min=18,
    age_max=67,
    eligibility=("resident", "low_income", "newcomer"),
    suits=("wheelchair", "halal", "children_welcome"),
    interpreter=True,
    anonymous=True,
    free=False,
    access=("walk_in", "phone", "appointment", "home_visit"),
    bring=("identity", "letters", "income", "bank"),
    cost={"nl": "Een kop koffie kost vijftig cent, de hulp zelf kost niets."},
    exceptions={"2026-12-02": "closed"},
)
"""Every field is filled in, and one sentence is there in Dutch alone."""
CROWDED = replace(MAP, services={**MAP.services, **{f"full-{n}": replace(FULL, id=f"full-{n}") for n in range(3)}})
CARDS: dict[str, tuple[Directory, tuple[str, ...]]] = {
    "one place": (MAP, ("spreekuur-papieren-dorpskern",)),
    "three places": (MAP, ("hulp-in-huis", "jongerenhuis", "voedselkast")),
    "one full place": (CROWDED, ("full-0",)),
    "three full places": (CROWDED, ("full-0", "full-1", "full-2")),
    "hardly anything known": (ARNHEM, ("wijkteam-malburgen", "kruispunt", "juridisch-loket")),
}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}

Show = Callable[[str], Page]


def card_html(name: str, language: str) -> str:
    directory, ids = CARDS[name]
    return html(*(directory.services[id_] for id_ in ids), language=language, directory=directory)


def html(*services: Service, language: str = "tr", directory: Directory = MAP, now: datetime = NOW) -> str:
    return render_card(Card(services, language, UNTIL), directory, now, ADDRESS, catalogue())


@pytest.fixture(scope="module")
def show(chromium: Browser) -> Iterator[Show]:
    """Shows a card's HTML as the site would serve it, with its own styles."""
    styles = {"hulpkaart.css": CARD_STYLE.read_text("utf-8"), "tokens.css": (WIDGET / "tokens.css").read_text("utf-8")}
    page = chromium.new_page()
    body = ""

    def answer(route: Route) -> None:
        style = styles.get(route.request.url.rsplit("/", 1)[-1])
        kind = "text/css" if style else "text/html; charset=utf-8"
        route.fulfill(body=style or body, headers={"Content-Type": kind})

    page.route("**/*", answer)

    def open_card(text: str) -> Page:
        nonlocal body
        body = text
        page.emulate_media(media="null")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(ADDRESS)
        return page

    yield open_card
    page.close()


# On paper


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CARDS)
def test_a_card_prints_on_one_a4_with_letters_as_large_as_they_can_be(name: str, language: str, show: Show) -> None:
    page = show(card_html(name, language))
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert re.search(rb"/MediaBox \[0 0 59[45][.\d]* 84[12]", pdf)
    page.emulate_media(media="print")
    size = float(page.evaluate("getComputedStyle(document.querySelector('.card')).fontSize").removesuffix("px")) * 0.75
    least = {"one place": 14, "one full place": 11, "three places": 9, "hardly anything known": 11}.get(name, 7.5)
    assert size >= least


def test_paper_has_dates_and_no_link_where_a_screen_says_tomorrow(show: Show) -> None:
    page = show(html(MAP.services["spreekuur-papieren-parkzicht"], language="en"))
    assert "Tomorrow, Wednesday, open at 13:00." in page.inner_text("main")
    assert page.get_by_role("link", name="Put it in your calendar").is_visible()
    page.emulate_media(media="print")
    printed = page.inner_text("main")
    assert "The next time: Wednesday 25 November, 13:00." in printed
    assert "Tomorrow" not in printed and "calendar" not in printed


def test_on_a_card_that_is_too_full_the_paper_leaves_out_what_can_be_missed(show: Show) -> None:
    page = show(card_html("three full places", "tr"))
    assert "Bilmeniz iyi olur" in page.inner_text("main")
    page.emulate_media(media="print")
    printed = page.inner_text("main")
    assert "Bilmeniz iyi olur" not in printed
    assert printed.count("Şunun için değil") == 3


# On a screen


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_has_no_finding_and_nothing_to_scroll_sideways_for(language: str, show: Show) -> None:
    page = show(card_html("three full places", language))
    page.evaluate(Axe().axe_script)
    for width, letters in ((1280, "100%"), (320, "100%"), (1280, "200%")):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("size => document.documentElement.style.fontSize = size", letters)
        found = page.evaluate(
            "rules => axe.run(rules).then(({violations}) => violations.map(v => [v.id, v.nodes[0].html]))", RULES
        )
        assert found == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{width} px, {letters}"
        cut = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"
        assert page.locator("main, article, section, header").evaluate_all(cut) == []


def test_both_languages_stand_beside_each_other_and_are_marked(show: Show) -> None:
    page = show(card_html("three places", "pl"))
    page.set_viewport_size({"width": 1280, "height": 900})
    own, dutch = page.locator("article >> nth=1 >> section").all()
    assert (own.get_attribute("lang"), dutch.get_attribute("lang")) == ("pl", "nl")
    assert "Od poniedziałku do piątku" in own.inner_text() and "Maandag tot en met vrijdag" in dutch.inner_text()
    boxes = own.bounding_box(), dutch.bounding_box()
    assert boxes[0] and boxes[1] and boxes[0]["y"] == boxes[1]["y"] and boxes[0]["x"] < boxes[1]["x"]
    page.set_viewport_size({"width": 320, "height": 900})
    boxes = own.bounding_box(), dutch.bounding_box()
    assert boxes[0] and boxes[1] and boxes[0]["y"] < boxes[1]["y"]


def test_a_dutch_card_has_one_side_and_no_request_for_an_interpreter() -> None:
    text = card_html("one place", "nl")
    assert text.count("<section") == 1 and "tolk bellen" not in text


# What it says


def test_a_sentence_that_is_only_there_in_dutch_is_marked_as_dutch() -> None:
    text = html(FULL)
    assert 'Yalnız Hollandaca: <span lang="nl">Een kop koffie kost vijftig cent' in text
    assert text.count("<dd>Een kop koffie kost vijftig cent") == 1  # the Dutch side has it as it is


def test_the_qr_code_is_the_cards_own_address_and_has_a_name() -> None:
    drawn = io.BytesIO()
    segno.make_qr(ADDRESS, error="l").save(drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2)
    path = re.search(r'<path[^>]*d="[^"]*"', drawn.getvalue().decode())
    assert path and path[0] in html(FULL)
    assert 'role="img" aria-label="Bu kart telefonunuzda"' in html(FULL)


def test_a_card_has_no_script_no_style_of_its_own_and_nothing_from_elsewhere() -> None:
    text = html(FULL)
    assert "<script" not in text and "style=" not in text and "<style" not in text
    assert re.findall(r'(?:src|href)="(?!/|tel:)([^"]*)"', text) == ["https://www.google.nl/", f"{ADDRESS}.ics"]


def test_it_tells_until_when_it_works_with_the_year() -> None:
    assert "Bu kartın son günü: 3 Ocak 2027." in html(FULL)


def test_what_comes_from_the_map_cannot_become_markup() -> None:
    sharp = replace(FULL, name="<b>A & B</b>", address='"Plein" <1>', say={"nl": "<i>Dag</i>"}, not_for={})
    text = html(sharp)
    assert "<b>A" not in text and "<i>Dag" not in text and "&lt;b&gt;A &amp; B" in text


def test_a_place_that_has_stopped_since_is_left_off_and_an_empty_card_says_so() -> None:
    gone = replace(FULL, stopped=NOW.date())
    assert "Papierenspreekuur" not in html(gone)
    assert "Bu yerler artık yok." in html(gone) and "Bu yerler artık yok." not in html(FULL)
    known = Card.of({"s": ["vrouwenhuis", "nergens"], "l": "pl"}, MAP, UNTIL)
    assert [service.id for service in known.services] == ["vrouwenhuis"] and known.language == "pl"


def test_it_names_the_number_that_stands_in_and_whom_to_ask_for() -> None:
    team = ARNHEM.services["wijkteam-malburgen"]
    text = html(team, language="en", directory=ARNHEM)
    assert not team.phone and f'href="tel:{ARNHEM.floor.phone}"' in text and f"Ask for {team.ask_for}." in text


# Its calendar file


def events(file: bytes | None) -> list[Any]:
    return list(Calendar.from_ical(file or b"").walk("VEVENT"))


def walk_in(hours: str, **facts: Any) -> Service:
    return replace(FULL, hours=hours, exceptions={}, **facts)


SUMMARIES = {
    "nl": ("Binnenlopen: Papierenspreekuur Parkzicht", "Morgen: ", "Over een uur: "),
    "tr": ("Randevusuz gidilir: Papierenspreekuur Parkzicht", "Yarın: ", "Bir saat sonra: "),
    "pl": ("Bez umawiania się: Papierenspreekuur Parkzicht", "Jutro: ", "Za godzinę: "),
    "pap": ("Drenta sin sita: Papierenspreekuur Parkzicht", "Mañan: ", "Den un ora: "),
    "en": ("Walk in: Papierenspreekuur Parkzicht", "Tomorrow: ", "In one hour: "),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_next_walk_in_hour_goes_into_the_calendar_in_the_own_language(language: str) -> None:
    event = events(calendar_file((FULL,), NOW, language))[0]
    summary, *reminders = SUMMARIES[language]
    assert str(event["summary"]) == summary
    assert event["dtstart"].dt == datetime(2026, 11, 25, 13, tzinfo=AMSTERDAM)
    assert event["dtend"].dt == datetime(2026, 11, 25, 16, tzinfo=AMSTERDAM)
    assert event["location"] == "MFC Parkzicht, Parkweg 5, Voorbeeldstad"
    assert FULL.say[language] in event["description"] and str(FULL.phone) in event["description"]
    alarms = event.walk("VALARM")
    assert [alarm["trigger"].dt for alarm in alarms] == [timedelta(days=-1), timedelta(hours=-1)]
    assert [str(alarm["description"]) for alarm in alarms] == [f"{text}{FULL.name}" for text in reminders]


def test_the_calendar_knows_the_clocks_of_amsterdam() -> None:
    file = calendar_file((FULL,), NOW)
    calendar = Calendar.from_ical(file or b"")
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Amsterdam"]
    assert b"DTSTART;TZID=Europe/Amsterdam:20261125T130000" in (file or b"")
    assert b"DTSTAMP:20261124T093000Z" in (file or b"")
    assert calendar["version"] == "2.0" and calendar["prodid"] and not calendar.errors


@pytest.mark.parametrize(
    ("hours", "now", "begins", "lasts"),
    [
        ("Su 10:00-12:00", datetime(2027, 3, 27, 20), "2027-03-28T10:00:00+02:00", 2),
        ("Su 10:00-12:00", datetime(2026, 10, 24, 20), "2026-10-25T10:00:00+01:00", 2),
        ("Sa 22:00-06:00", datetime(2027, 3, 27, 12), "2027-03-27T22:00:00+01:00", 7),  # the night that lost an hour
        ("Sa 22:00-06:00", datetime(2026, 10, 24, 12), "2026-10-24T22:00:00+02:00", 9),
    ],
)
def test_an_hour_over_the_change_of_the_clocks_is_right(hours: str, now: datetime, begins: str, lasts: int) -> None:
    event = events(calendar_file((walk_in(hours),), now.replace(tzinfo=AMSTERDAM)))[0]
    assert event["dtstart"].dt.isoformat() == begins
    assert event["dtend"].dt.timestamp() - event["dtstart"].dt.timestamp() == lasts * 3600


def test_there_is_nothing_about_a_person_in_it() -> None:
    event = events(calendar_file((FULL,), NOW, "tr"))[0]
    assert str(event["uid"]) == "spreekuur-papieren-parkzicht-20261125T1300@drempelhulp"
    assert not {"ORGANIZER", "ATTENDEE", "CONTACT"} & set(event)
    assert event["class"] == "PRIVATE"
    assert calendar_file((FULL,), NOW, "tr") == calendar_file((FULL,), NOW, "tr")


def test_a_sentence_that_is_not_translated_is_said_to_be_dutch_there_too() -> None:
    event = events(calendar_file((replace(FULL, say={"nl": "Wilt u mij helpen?"}),), NOW, "pl"))[0]
    assert "Tylko po holendersku: Wilt u mij helpen?" in event["description"]


@pytest.mark.parametrize(
    "facts",
    [{"access": ("phone",)}, {"hours": None}, {"stopped": date(2026, 11, 25)}, {"hours": "2020 We 10:00-12:00"}],
    ids=str,
)
def test_without_a_walk_in_hour_there_is_no_file(facts: dict[str, Any]) -> None:
    assert calendar_file((replace(FULL, **facts),), NOW) is None


def test_a_day_that_is_closed_is_passed_over() -> None:
    after_today = NOW + timedelta(days=2)
    event = events(calendar_file((FULL,), after_today))[0]
    assert event["dtstart"].dt == datetime(2026, 12, 9, 13, tzinfo=AMSTERDAM)  # 2 December is closed


def test_each_place_has_its_own_event() -> None:
    both = (FULL, MAP.services["spreekuur-papieren-dorpskern"], MAP.services["rechtenlijn"])
    assert len(events(calendar_file(both, NOW))) == 2
