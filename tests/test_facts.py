"""What residents read of a place: each fact in five languages, hours that are true, and nothing that is not known."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.directory import load
from bot.directory.hours import is_open, opening_periods
from bot.i18n.catalogue import catalogue
from bot.i18n.facts import STALE
from bot.i18n.opening import hours_text, next_text
from bot.i18n.present import present
from bot.i18n.week import week_of
from bot.i18n.week_text import week_text
from bot.i18n.why import why_text
from bot.languages import complete
from bot.model import Route, Service
from bot.paths import DATA, GEMEENTEN
from bot.routing.direct import direct
from bot.routing.reasons import DREMPELS, REASONS
from bot.settings import AMSTERDAM

LANGUAGES = ("nl", "tr", "pl", "pap", "en")
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=AMSTERDAM)
"""A Tuesday morning."""
MAP = load(GEMEENTEN / "voorbeeldstad")
MAPS = (MAP, load(GEMEENTEN / "arnhem"))
SERVICES = [service for map_ in MAPS for service in map_.services.values()]
ALL_OPEN = {"05-05": "open", "12-24": "open", "12-31": "open"}
CONTRACT = (
    "kind", "id", "name", "why", "why_text", "phone", "address", "open_now", "next_open", "hours_text", "languages", "free",
    "bring", "say", "not_for", "url", "checked",
)  # fmt: skip


def place(**facts: Any) -> Service:
    return Service("x", facts.pop("kind", "spreekuur"), "X", (), facts.pop("checked", date(2026, 11, 1)), "y", **facts)


def shown(service: Service, language: str = "nl", moment: datetime = NOW, why: tuple[str, ...] = ()) -> dict[str, Any]:
    return present(direct(service, MAP, moment, why), moment, language, catalogue())


def week(hours: str, language: str, **facts: Any) -> str | None:
    return week_text(place(hours=hours, **facts), NOW.date(), language, catalogue())


# Words


def schema_words(field: str) -> list[str]:
    properties = json.loads((DATA / "schema" / "service.json").read_text(encoding="utf-8"))["properties"]
    return list(properties[field]["items"]["enum"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("field", "group"),
    [("bring", "bring"), ("access", "access"), ("eligibility", "eligibility"), ("suits", "suits"),
     ("languages", "languages"), ("documents", "languages")],
)  # fmt: skip
def test_every_controlled_word_that_an_editor_may_write_is_said_in_every_language(
    field: str, group: str, language: str
) -> None:
    known = catalogue().texts[language]
    assert [word for word in schema_words(field) if not known.get(f"facts.{group}.{word}")] == []


def test_the_languages_of_these_tests_are_all_that_residents_may_choose() -> None:
    assert sorted(LANGUAGES) == sorted(complete())


@pytest.mark.parametrize(
    ("ages", "said"),
    [
        ({"age_min": 12, "age_max": 18}, {"nl": "van 12 tot en met 18 jaar", "tr": "12 ile 18 yaş arası"}),
        ({"age_min": 18}, {"nl": "vanaf 18 jaar", "pl": "od 18 lat"}),
        ({"age_max": 23}, {"pap": "te ku 23 aña", "en": "23 years and younger"}),
        ({"age_min": 0, "eligibility": ("low_income",)}, {"nl": "mensen met weinig geld, vanaf 0 jaar"}),
    ],
)
def test_for_whom_a_place_is(ages: dict[str, Any], said: dict[str, str]) -> None:
    for language, text in said.items():
        assert shown(place(**ages), language)["for_whom"] == text


# A sentence that is there in Dutch alone

ONLY_DUTCH = {
    "tr": "Yalnız Hollandaca: Alleen voor Elden.",
    "pl": "Tylko po holendersku: Alleen voor Elden.",
    "pap": "Na Hulandes so: Alleen voor Elden.",
    "en": "In Dutch only: Alleen voor Elden.",
}


@pytest.mark.parametrize("language", ONLY_DUTCH)
@pytest.mark.parametrize("field", ["say", "not_for", "cost"])
def test_a_sentence_that_is_only_there_in_dutch_is_said_to_be_dutch(field: str, language: str) -> None:
    service = place(**{field: {"nl": "Alleen voor Elden."}})
    assert shown(service, language)[field] == ONLY_DUTCH[language]
    assert shown(service, language)["untranslated"] == [field]
    assert shown(service)[field] == "Alleen voor Elden." and "untranslated" not in shown(service)


def test_a_sentence_in_the_own_language_stands_by_itself() -> None:
    facts = shown(place(not_for={"nl": "Alleen voor Elden.", "tr": "Yalnız Elden için."}), "tr")
    assert facts["not_for"] == "Yalnız Elden için." and "untranslated" not in facts


def test_whom_to_ask_for_stands_before_the_own_sentence() -> None:
    service = place(phone_of=MAP.floor.id, ask_for="Team X", say={"nl": "Ik zoek hulp."})
    assert shown(service, "en")["say"] == "Ask for Team X. In Dutch only: Ik zoek hulp."


# The week in a line

WEEKS = {
    "Mo-Fr 09:00-17:00; PH off": {
        "nl": "Maandag tot en met vrijdag van 9 tot 17 uur. Gesloten op feestdagen.",
        "tr": "Pazartesiden Cumaya kadar saat 9:00 ile 17:00 arası. Resmî tatillerde kapalı.",
        "pl": "Od poniedziałku do piątku w godz. 9:00–17:00. W święta zamknięte.",
        "pap": "Djaluna te ku djabièrnè di 9:00 te 17:00 or. Será riba dia di fiesta.",
        "en": "Monday to Friday from 9:00 to 17:00. Closed on public holidays.",
    },
    "Tu[1] 10:00-12:00; PH off": {
        "nl": "Elke eerste dinsdag van de maand van 10 tot 12 uur. Gesloten op feestdagen.",
        "tr": "Her ayın ilk Salı günü saat 10:00 ile 12:00 arası. Resmî tatillerde kapalı.",
        "pl": "W pierwszy wtorek miesiąca w godz. 10:00–12:00. W święta zamknięte.",
        "pap": "Kada promé djamars di luna di 10:00 te 12:00 or. Será riba dia di fiesta.",
        "en": "Every first Tuesday of the month from 10:00 to 12:00. Closed on public holidays.",
    },
    "We[2,4] 13:30-15:00": {
        "nl": "Elke tweede woensdag en vierde woensdag van de maand van 13:30 tot 15 uur.",
        "pl": "W drugą środę i czwartą środę miesiąca w godz. 13:30–15:00.",
    },
    "Fr[-1] 10:00-11:00": {"nl": "Elke laatste vrijdag van de maand van 10 tot 11 uur.", "pap": "Kada último djabièrnè di luna di 10:00 te 11:00 or."},
    "Tu,Th 10:00-12:00": {
        "nl": "Dinsdag en donderdag van 10 tot 12 uur.",
        "tr": "Salı günleri ve Perşembe günleri saat 10:00 ile 12:00 arası.",
        "pl": "We wtorki i w czwartki w godz. 10:00–12:00.",
    },
    "Mo-We,Fr 09:00-12:00,13:00-17:00": {
        "nl": "Maandag tot en met woensdag en vrijdag van 9 tot 12 uur en van 13 tot 17 uur."
    },
    "Mo,Th 19:00-21:00; Sa 10:00-12:00": {"en": "Monday and Thursday from 19:00 to 21:00. Saturday from 10:00 to 12:00."},
    "Mo-Fr 09:00-17:00; We 13:00-17:00": {
        "nl": "Maandag, dinsdag, donderdag en vrijdag van 9 tot 17 uur. Woensdag van 13 tot 17 uur."
    },
    "Mo-Fr 09:00-17:00; We off": {"nl": "Maandag, dinsdag, donderdag en vrijdag van 9 tot 17 uur."},
    "Mo-Su 21:00-09:00": {"nl": "Elke dag van 21 tot 9 uur.", "tr": "Her gün saat 21:00 ile 9:00 arası."},
    "10:00-13:00; PH unknown": {"nl": "Elke dag van 10 tot 13 uur. De tijden op feestdagen weet ik niet."},
    "Mo-Fr 17:00-24:00; Sa-Su,PH 00:00-24:00": {
        "nl": "Maandag tot en met vrijdag van 17 tot 24 uur. Zaterdag, zondag en feestdagen dag en nacht.",
        "pl": "Od poniedziałku do piątku w godz. 17:00–24:00. W soboty, w niedziele i w święta całą dobę.",
    },
}  # fmt: skip


@pytest.mark.parametrize(("hours", "said"), WEEKS.items(), ids=WEEKS)
def test_simple_hours_are_a_plain_line(hours: str, said: dict[str, str]) -> None:
    assert {language: week(hours, language) for language in said} == said


@pytest.mark.parametrize(
    "hours",
    [
        "24/7",  # is said at once: open day and night
        "Apr-Oct We,Sa 10:00-16:00; Nov-Mar Sa 10:00-13:00",
        "PH off; Mo-Fr 09:00-17:00",  # the later rule overrules: open on holidays
        "Mo-Fr 09:00-17:00; PH off; Sa 10:00-12:00",
        "Tu 09:00-12:00; Tu[1] 14:00-16:00",
        "Tu[1] 14:00-16:00; Mo-Fr 09:00-12:00",
        "Fr[4] 10:00-11:00; Fr[-1] 12:00-13:00",
        "Tu[5] 10:00-12:00",
        "Mo-Fr 09:00-12:00 || 'op afspraak'",
        "week 01-53/2 Mo 10:00-12:00",
        "Mo 10:00+",
        "sunrise-sunset",
        "Mo 22:00-10:00; Tu 09:00-12:00",  # a night that runs into the next day's hours
        "Fr 20:00-02:00; Sa 10:00-12:00",  # the later rule ends that night at midnight
        "Mo 10:00-12:00,12:00-14:00",
        "Mo 09:00-10:00; Tu 09:00-11:00; We 09:00-12:00; Th 09:00-13:00; Fr 09:00-14:00",
    ],
)
def test_hours_that_no_plain_line_can_say_are_not_said(hours: str) -> None:
    assert week(hours, "nl") is None


def test_a_day_that_differs_is_told_when_it_is_near() -> None:
    days = {"2026-11-20": "closed", "2026-12-01": "closed", "2026-12-08": "10:00-12:00", "2027-03-01": "closed"}
    said = week("Tu 09:00-17:00", "nl", exceptions=days)
    assert said == "Dinsdag van 9 tot 17 uur. Gesloten op 1 december. Op 8 december: van 10 tot 12 uur."
    assert week("Tu 09:00-17:00", "tr", exceptions=days) == (
        "Salı günleri saat 9:00 ile 17:00 arası. 1 Aralık: kapalı. 8 Aralık: saat 10:00 ile 12:00 arası."
    )


def made_up_hours(chance: random.Random) -> str:
    """A text of one to three rules, each of a shape that editors write."""
    days = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
    rules = []
    for _ in range(chance.randint(1, 3)):
        first, last = sorted(chance.sample(range(7), 2))
        named = chance.choice([days[first], f"{days[first]},{days[last]}", f"{days[first]}-{days[last]}",
                               f"{days[first]}[{chance.choice((1, 2, 3, 4, -1))}]"])  # fmt: skip
        begin, length = chance.randint(0, 22), chance.randint(1, 10)
        end = begin + length
        spans = f"{begin:02d}:30-{end % 24:02d}:15" if end != begin else "10:00-12:00"
        rules.append(f"{named} {chance.choice([spans, spans, '09:00-11:00,13:00-15:00', 'off'])}")
    return "; ".join(rules)


def sayable() -> list[str]:
    chance = random.Random(7)
    texts = {service.hours for service in SERVICES if service.hours} | {made_up_hours(chance) for _ in range(120)}
    return sorted(text for text in texts if week_of(text))


def without_holidays(hours: str) -> str:
    return re.sub(r",PH|; PH \w+", "", hours)


def test_the_week_that_is_told_is_the_week_that_the_map_reckons_with() -> None:
    """Every sayable text against the library that decides whether a place is open, over three years."""
    chance, texts = random.Random(8), sayable()
    assert len(texts) > 60
    for text in texts:
        service = place(hours=without_holidays(text), holidays=ALL_OPEN)
        told = week_of(service.hours or "")
        assert told
        for _ in range(120):
            day = date(2026, 1, 1) + timedelta(days=chance.randrange(3 * 365))
            moment = datetime(day.year, day.month, day.day, chance.randrange(24), 20, tzinfo=AMSTERDAM)
            if is_holiday(moment) or is_holiday(moment - timedelta(days=1)):
                continue
            minute = moment.hour * 60 + 20
            inside = any(begin <= minute < end for begin, end in told.on(day))
            before = any(begin <= minute + 1440 < end for begin, end in told.on(day - timedelta(days=1)))
            assert (inside or before) == is_open(service, moment), f"{text} at {moment}"


def is_holiday(moment: datetime) -> bool:
    """By the calendar of the map itself: a place that is only open on holidays."""
    return bool(is_open(place(hours="PH 00:00-24:00", holidays=ALL_OPEN), moment.replace(hour=12)))


# Now, and the next time


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("Tu 10:00-17:00", "Nu open tot 17:00 uur."),
        ("Tu 09:00-10:45", "Nu open tot 10:45 uur."),
        ("Mo-Su 21:00-11:00", "Nu open tot 11:00 uur."),
        ("Mo 21:00-20:00", "Nu open tot 20:00 uur."),
        ("24/7", "Dag en nacht open."),
        ("Mo-Su 00:00-24:00", "Nu open."),  # goes on tomorrow: there is no end to tell
        ("Nov Tu 10:00-17:00", "Nu open."),
        ("Tu 12:00-17:00", "Vandaag open om 12:00 uur."),
        ("We 12:00-17:00", "Morgen, woensdag, open om 12:00 uur."),
        ("Tu[1] 10:00-12:00", "Open op dinsdag 1 december, om 10:00 uur."),
        (None, None),
    ],
)
def test_what_is_said_about_now(hours: str | None, said: str | None) -> None:
    assert shown(place(hours=hours)).get("hours_text") == said


def test_on_a_day_that_differs_the_hours_of_that_day_are_told() -> None:
    service = place(hours="Mo-Fr 09:00-17:00; PH off", exceptions={"2026-11-24": "10:00-12:00"})
    assert shown(service)["hours_text"] == "Nu open tot 12:00 uur."
    assert shown(replace(service, hours="24/7"))["hours_text"] == "Nu open tot 12:00 uur."


def test_the_end_that_is_told_is_the_end_that_the_map_reckons_with() -> None:
    """Wherever a closing time is said, an opening of the map ends at that minute."""
    chance, told = random.Random(9), 0
    for text in sayable():
        service = place(hours=text, holidays=ALL_OPEN)
        for _ in range(60):
            moment = datetime(2026, 1, 1, tzinfo=AMSTERDAM) + timedelta(minutes=chance.randrange(3 * 365 * 1440))
            said = hours_text(direct(service, MAP, moment, ()), moment, "en", catalogue()) or ""
            until = re.fullmatch(r"Open now until (\d+):(\d\d)\.", said)
            if until:
                day = moment.date()
                periods = opening_periods(service, day - timedelta(days=1), day + timedelta(days=1))
                end = next(stop for start, stop in periods if start <= moment < stop)
                assert (end.hour, end.minute) == (int(until[1]) % 24, int(until[2])), f"{text} at {moment}"
                told += 1
    assert told > 300


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", "De volgende keer: dinsdag 1 december, 10:00 uur."),
        ("tr", "Bir sonraki: 1 Aralık Salı, saat 10:00."),
        ("pl", "Następny raz: wtorek, 1 grudnia, godz. 10:00."),
        ("pap", "E siguiente biaha: djamars, 1 di desèmber, 10:00 or."),
        ("en", "The next time: Tuesday 1 December, 10:00."),
    ],
)
def test_paper_is_told_the_date(language: str, said: str) -> None:
    assert next_text(datetime(2026, 12, 1, 10, tzinfo=AMSTERDAM), language, catalogue()) == said


# What is not certain


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"hours": "24/7"}, None),
        ({}, "De tijden weet ik niet."),
        ({"phone": "026-1234567"}, "De tijden weet ik niet."),  # a number alone: calling is all that one can do
        ({"phone": "026-1234567", "address": "Plein 1"}, "De tijden weet ik niet. Bel eerst."),
        ({"phone": "026-1234567", "access": ("walk_in",)}, "De tijden weet ik niet. Bel eerst."),
        (
            {"hours": "24/7", "checked": date(2026, 1, 1), "phone": "026-1234567", "address": "Plein 1"},
            "Dit is al een tijd niet nagekeken. Het kan veranderd zijn. Bel eerst.",
        ),
        ({"kind": "crisis", "checked": date(2020, 1, 1), "phone": "112"}, None),
    ],
)
def test_what_is_not_certain_is_said_with_what_to_do(facts: dict[str, Any], said: str | None) -> None:
    assert shown(place(**facts)).get("call_first") == said


def test_on_a_day_that_nobody_decided_it_is_said_that_nobody_knows() -> None:
    christmas_eve = datetime(2026, 12, 24, 10, tzinfo=AMSTERDAM)
    facts = shown(place(hours="Mo-Fr 09:00-17:00", phone="026-1234567", address="Plein 1"), moment=christmas_eve)
    assert facts["call_first"] == "Of het vandaag open is, weet ik niet. Bel eerst."
    assert "open_now" not in facts


def test_facts_are_stale_on_the_day_after_half_a_year() -> None:
    service = place(hours="24/7")
    on_the_day = datetime.combine(service.checked + STALE, NOW.timetz())
    assert "stale" not in shown(service, moment=on_the_day)
    assert shown(service, moment=on_the_day + timedelta(days=1))["stale"] is True


# Why


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_its_own_words_in_every_language(language: str) -> None:
    known = catalogue().texts[language]
    assert [code for code in REASONS if not known.get(f"facts.why.{code}")] == []
    said = [known[f"facts.why.{code}"] for code in REASONS]
    assert len(said) == len(set(said))
    assert not [text for text in said if text.endswith(".") or (text[0].isupper() and not text.startswith("I "))]
    assert not [text for text in said if language == "tr" and text.startswith("i")]  # its capital is İ


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_reasons_are_short_sentences(language: str) -> None:
    for one in REASONS:
        for other in REASONS:
            said = why_text((one, other), language, catalogue())
            sentences = said.split(". ")
            assert said.endswith(".") and said[0].isupper() and "%{" not in said
            assert all(len(sentence.split()) <= 12 for sentence in sentences), said


def test_the_two_strongest_reasons_are_one_sentence_and_advice_stands_alone() -> None:
    codes = ("topic", "wijk", "gratis")
    assert why_text(codes, "nl", catalogue()) == "Het past bij wat je vraagt en het hoort bij jouw wijk."
    assert why_text(codes, "tr", catalogue()) == "Sorduğunuz konuya uygun ve sizin mahallenize bakıyor."
    assert why_text(("topic", "wijk", "bel_eerst"), "en", catalogue()) == (
        "It fits what you ask and it is for your neighbourhood. Call first."
    )
    assert why_text(("anoniem", "topic"), "nl", catalogue()) == (
        "Je hoeft je naam niet te zeggen. Het past bij wat je vraagt."
    )
    assert why_text((), "nl", catalogue()) == ""


def test_a_drempel_without_words_of_its_own_has_those_of_any() -> None:
    assert why_text(("drempel_nieuw",), "nl", catalogue()) == "Het past bij wat het lastig maakt."
    assert len({why_text((f"drempel_{drempel}",), "nl", catalogue()) for drempel in DREMPELS}) == len(DREMPELS)


# The whole route


def test_a_field_that_is_not_known_is_absent() -> None:
    facts = shown(place())
    assert set(facts) == {"kind", "id", "name", "why", "why_text", "checked", "call_first"}
    assert not [name for name, value in facts.items() if value is None]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_place_of_the_maps_is_told_whole_in_every_language(language: str) -> None:
    for map_ in MAPS:
        for service in map_.services.values():
            route = direct(service, map_, NOW, ("topic",))
            facts = present(route, NOW, language, catalogue())
            told_as_they_are = ("address", "free", "url", "location", "email", "interpreter", "anonymous")
            known = {name: getattr(service, name) for name in told_as_they_are}
            assert {name: facts.get(name) for name in known} == known, service.id
            assert ("bring" in facts, "say" in facts) == (bool(service.bring), bool(service.say or route.ask_for))
            assert ("hours_text" in facts) == (route.open_now is True or route.next_open is not None)
            texts = [value for value in facts.values() if isinstance(value, str)]
            assert not [text for text in texts if not text or "%{" in text or "None" in text or "  " in text], (
                service.id
            )


def test_the_fields_of_the_contract_keep_their_types() -> None:
    service = replace(MAP.services["spreekuur-papieren-dorpskern"], hours="We 10:00-12:00; PH off")
    facts = shown(service, "tr", why=("topic", "taal"))
    assert [name for name in CONTRACT if name not in facts] == []
    assert facts["next_open"] == "2026-11-25T10:00:00+01:00" and facts["open_now"] is False
    assert facts["languages"] == ["nl", "en", "tr"] and facts["free"] is True and facts["why"] == ["topic", "taal"]
    assert facts["bring"] == "mektuplarınız, pasaportunuz veya kimliğiniz" and facts["checked"] == "2026-11-21"
    assert json.loads(json.dumps(facts)) == facts
    assert facts["languages_text"] == "Hollandaca, İngilizce, Türkçe"
    assert facts["access_text"] == "randevusuz gelebilirsiniz"


def test_a_route_of_before_is_presented_as_it_was_found() -> None:
    route = Route("spreekuur", place(hours="Tu 10:00-12:00"), (), open_now=True)
    an_hour_late = NOW.replace(hour=13)
    assert present(route, an_hour_late, "nl", catalogue())["hours_text"] == "Nu open."
