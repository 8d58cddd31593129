"""The parts of the WhatsApp channel, each by itself: what comes in, what is left of it, and what is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.channels.whatsapp.gist import Gist, Offer, gist, stand_in
from bot.channels.whatsapp.hearing import UNDERSTOOD
from bot.channels.whatsapp.inbound import (
    CHOSEN,
    OTHER,
    PICTURE,
    PLACE,
    SAID,
    TAKEN_BACK,
    VOICE,
    WELCOME,
    failures,
    split,
)
from bot.channels.whatsapp.layout import laid_out, plain, too_long
from bot.channels.whatsapp.reply import Choice, Composer, Reply
from bot.channels.whatsapp.webhook import signed
from bot.checks.whatsapp import whatsapp_mistakes
from bot.choices import chosen, payloads
from bot.conversation.answering import Words, yes_or_no
from bot.conversation.heard import Heard
from bot.conversation.script import read_script
from bot.i18n.catalogue import catalogue
from bot.i18n.wording import Wording
from bot.languages import complete, languages, named
from bot.nlu.local import understanding_for
from bot.nlu.store import learned
from bot.paths import NLU
from bot.settings import Settings
from tests.conftest import ROOT
from tests.whatsapp_fixtures import envelope

META = ROOT / "tests" / "meta"
"""Meta's own examples (facebook/openapi, MIT), where they lie beside the project."""
NOW = 1_764_000_000.0
needs_meta = pytest.mark.skipif(not META.is_dir(), reason=f"Meta's examples are not at {META}")


def meta(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((META / name).read_text(encoding="utf-8"))
    return found


def message(kind: str, part: Any = None, **more: Any) -> dict[str, Any]:
    return {"from": "316", "id": "wamid.1", "timestamp": str(int(NOW)), "type": kind, kind: part, **more}


@pytest.mark.parametrize(
    ("raw", "kind", "text", "choice"),
    [
        (message("text", {"body": "hallo"}), SAID, "hallo", ""),
        (message("text", {"body": "  "}), OTHER, "", ""),
        (message("text", None), OTHER, "", ""),
        (message("text", {"body": 7}), OTHER, "", ""),
        (message("button", {"payload": "p", "text": "t"}), CHOSEN, "t", "p"),
        (message("interactive", {"type": "list_reply", "list_reply": {"id": "~a1.2", "title": "Ja"}}), CHOSEN, "Ja", "~a1.2"),
        (message("interactive", {"type": "nfm_reply", "nfm_reply": {"body": "x"}}), OTHER, "", ""),
        (message("interactive"), OTHER, "", ""),
        (message("audio", {"id": "1", "voice": True}), VOICE, "", ""),
        (message("image", {"id": "1", "caption": "een brief"}), PICTURE, "een brief", ""),
        (message("video", {"id": "1"}), PICTURE, "", ""),
        (message("document", {"id": "1", "filename": "brief.pdf"}), PICTURE, "", ""),
        (message("sticker", {"id": "1"}), PICTURE, "", ""),
        (message("location", {"latitude": 51.9, "longitude": 5.9, "address": "6822 AB"}), PLACE, "6822 AB", ""),
        (message("contacts", [{"name": {}}]), OTHER, "", ""),
        (message("order", {"product_items": []}), OTHER, "", ""),
        (message("unsupported", None, errors=[{"code": 131051}]), OTHER, "", ""),
        (message("request_welcome"), WELCOME, "", ""),
        (message("made_up_in_2031", {"x": 1}), OTHER, "", ""),
        (message("edit", {"original_message_id": "w0", "message": {"type": "text", "text": {"body": "nu goed"}}}), SAID, "nu goed", ""),
        (message("revoke", {"original_message_id": "w0"}), TAKEN_BACK, "", ""),
    ],
)  # fmt: skip
def test_every_kind_of_message_is_seen_for_what_it_is(raw: dict[str, Any], kind: str, text: str, choice: str) -> None:
    (seen,) = split(envelope([raw]), NOW)
    assert (seen.kind, seen.text, seen.choice, seen.who, seen.sent) == (kind, text, choice, "316", NOW)
    assert seen.about == ("w0" if raw["type"] in ("edit", "revoke") else None)


@pytest.mark.parametrize(
    "raw",
    [
        message("reaction", {"message_id": "w0", "emoji": "👍"}),
        message("reaction", {"message_id": "w0"}),
        message("system", {"type": "user_changed_number"}),
        message("text", {"body": "hallo"}, group_id="g"),
        {**message("text", {"body": "hallo"}), "from": None},
        {**message("text", {"body": "hallo"}), "id": None},
        "no message at all",
    ],
)
def test_what_asks_for_no_answer_gets_none(raw: Any) -> None:
    assert split(envelope([raw]), NOW) == []


@pytest.mark.parametrize(
    "payload",
    [None, [], "x", 7, {}, {"entry": None}, {"entry": [None, {"changes": 3}]}, {"entry": [{"changes": [{"value": []}]}]},
     {"entry": [{"changes": [{"field": "smb_message_echoes", "value": {"messages": [message("text", {"body": "x"})]}}]}]}],
)  # fmt: skip
def test_whatever_meta_sends_nothing_breaks(payload: Any) -> None:
    assert split(payload, NOW) == []
    assert failures(payload) == []


def test_a_batch_is_split_whole() -> None:
    """Two messages in a change, two changes in an entry, two entries: eight, each once, in order."""
    rows = [[message("text", {"body": "x"}, id=f"w{n}{m}") for m in range(2)] for n in range(4)]
    entries = [envelope(some)["entry"][0] for some in rows]
    payload = {"entry": [{"changes": [c for e in pair for c in e["changes"]]} for pair in (entries[:2], entries[2:])]}
    assert [seen.id for seen in split(payload, NOW)] == [row["id"] for some in rows for row in some]


def test_a_user_without_a_number_is_known_by_the_users_id() -> None:
    (hidden,) = split(envelope([{**message("text", {"body": "x"}), "from": None, "from_user_id": "NL.1349"}]), NOW)
    assert (hidden.who, hidden.phone) == ("NL.1349", None)
    (both,) = split(envelope([message("text", {"body": "x"}, from_user_id="NL.1349")]), NOW)
    assert (both.who, both.phone) == ("NL.1349", "316")


@pytest.mark.parametrize("stamp", [None, "", "x", "nan", "inf", "1e999", [], str(int(NOW) + 9999)])
def test_a_moment_that_is_none_or_in_the_future_is_now(stamp: Any) -> None:
    (seen,) = split(envelope([message("text", {"body": "x"}, timestamp=stamp)]), NOW)
    assert seen.sent == NOW


def test_what_could_not_be_delivered_is_told_by_its_code() -> None:
    statuses = [
        {"status": "failed", "errors": [{"code": 131026}]},
        {"status": "read"},
        {"status": "failed", "errors": [{}]},
    ]
    assert failures({"entry": [{"changes": [{"value": {"statuses": statuses}}]}]}) == [131026]


@needs_meta
def test_each_message_of_metas_own_examples_is_seen_once() -> None:
    answered = {name: len(split(example, NOW)) for name, example in meta("meta_webhook_examples_v23.json").items()}
    none = {name for name, many in answered.items() if not many}
    assert none == {
        "Reaction Message", "System Message", "Group Create Message", "Group Settings Update", "Group Remove Participants",
    }  # fmt: skip
    assert all(many == 1 for name, many in answered.items() if name not in none)


@pytest.mark.parametrize(
    ("header", "right"),
    [
        ("sha256=d3b0e4a3bf1c8b5c1ac6cf05a0a0d0e1a6f9f0f1b1e1c9a7e7b1b9d7f3c5a2e1", False),
        ("", False), ("sha256=", False), ("geheim ☂", False), ("sha256=é", False), ("right", True), ("RIGHT", False),
    ],
)  # fmt: skip
def test_only_metas_signature_over_these_bytes_opens_the_door(header: str, right: bool) -> None:
    import hashlib
    import hmac

    own = "sha256=" + hmac.new(b"secret", b'{"a": 1}', hashlib.sha256).hexdigest()
    given = {"right": own, "RIGHT": own.upper()}.get(header, header)
    assert signed(b'{"a": 1}', given, b"secret") is right
    assert not signed(b'{"a":1}', given, b"secret"), "the same JSON in other bytes"


# What is left of a message: the dialogue must hear the same in it.

OFFERS = [
    ("topic", "topics", ["geld", "eten", "wonen", "werk", "papieren", "anders"]),
    ("answer", "questions.moet_eruit", ["ja", "nee", "overslaan"]),
    ("drempel", "drempels", ["schaamte", "taal", "niet_weten", "wantrouwen", "anders", "liever_niet"]),
    ("outcome", "", ["ja", "beetje", "nee"]),
    ("more", "", ["ja", "nee"]),
    ("place", "wijken", ["klarendal", "centrum", "overslaan"]),
    (None, "", []),
]


def said_by_residents(language: str) -> set[str]:
    texts = {
        "2",
        "7",
        "15 jaar",
        "mijn zoon is 15",
        "nr 2",
        "12",
        "00",
        "~ab12.2",
        "~ab12.9",
        "",
        "…",
        "ja!",
        "nee hoor",
    }
    texts |= {*catalogue().words("answers.yes", language), *catalogue().words("answers.no", language)}
    texts |= {word for n in range(1, 8) for word in catalogue().words(f"answers.counting.{n}", language)}
    texts |= {text.lower() for key, text in catalogue().texts[language].items() if key.endswith(".title")}
    texts |= {name for known in languages().values() for name in (known.name, *known.also)}
    for file in (ROOT / "tests" / "conversations" / language).glob("*.yml"):
        for talk in yaml.safe_load(file.read_text(encoding="utf-8")):
            texts |= {str(turn["resident"]) for turn in talk["turns"] if "resident" in turn}
    return texts


def offers(language: str) -> Iterator[tuple[Offer, Words]]:
    texts = catalogue()
    counting = {word: n for n in range(1, 8) for word in texts.words(f"answers.counting.{n}", language)}
    yes, no = texts.words("answers.yes", language), texts.words("answers.no", language)
    for asked, group, codes in OFFERS:
        offered = {"key": "ab12", "codes": codes, "group": group} if codes else {}
        titles = Wording(texts, {"klarendal": "Klarendal", "centrum": "Centrum"}).titles(offered, language)
        yield Offer(offered, asked, titles, counting, yes, no), Words(titles, frozenset(yes), frozenset(no), counting)


@pytest.mark.parametrize("language", complete())
def test_a_choice_a_yes_and_a_number_are_heard_the_same_when_the_words_are_gone(language: str) -> None:
    numbered = [
        question for question in read_script().questions.values() if any(a.numbers for a in question.answers.values())
    ]
    for text in said_by_residents(language):
        for offer, words in offers(language):
            left = Gist(**json.loads(json.dumps(gist(text, "buiten_bereik", offer).as_ids())))
            other = stand_in(left, offer)
            took = [chosen(said, offer.offered, words.titles, words.counting) for said in (text, other)]
            assert took[0] == took[1], (text, other, offer.offered)
            if took[0] is None:
                said = [yes_or_no(Heard(text=one), words) for one in (text, other)]
                assert said[0] == said[1], (text, other)
            if offer.asked == "answer" and not (left.payload and not left.pressed):
                for question in numbered:
                    assert question.numbered(text) == question.numbered(other), (text, other)
            if took[0] is None and left.number is None and not left.pressed and 0 < len(text.split()) < 20:
                assert len(other.split()) == max(2, len(text.split())), (text, other)


@pytest.mark.parametrize("language", complete())
def test_what_is_left_is_of_our_own_words(language: str) -> None:
    """No word of a message comes through that is not a yes, a no, a language's name or a number under a hundred."""
    ours = {"#", *catalogue().words("answers.yes", language), *catalogue().words("answers.no", language)}
    names = {word for known in languages().values() for word in known.name.split()}
    for text in said_by_residents(language) | {
        "ik ben Zwaanhildis en ik woon op nummer 14",
        "ja Zwaanhildis",
        "06 12345678",
    }:
        for offer, _ in offers(language):
            other = stand_in(gist(text, "taal_kiezen", offer), offer)
            if other in payloads({"key": "", **offer.offered}) or other == text.strip().rstrip(" .!?,"):
                continue
            for word in other.split():
                assert word in ours | names or (word.isdecimal() and int(word) < 100) or word.startswith("~ab12."), (
                    text,
                    other,
                )


def test_the_name_of_a_language_survives_and_a_stale_choice_is_said_in_words() -> None:
    offer = next(offers("nl"))[0]
    assert named(stand_in(gist("in het Turks graag", "taal_kiezen", offer), offer)) == "tr"
    yes = next(o for o, _ in offers("nl") if o.asked == "more")
    left = gist("ja", "bevestig", yes)
    assert stand_in(left, yes) == "~ab12.1"
    later = Offer({"key": "ffff", "codes": ["ja", "nee"]}, "outcome", yes.titles, yes.counting, yes.yes, yes.no)
    assert stand_in(left, later) == "ja"


def test_all_that_our_understanding_adds_is_kept_and_it_is_ids(model: Path) -> None:
    settings = Settings()
    heard = understanding_for(learned(NLU, settings.var / "models"), settings.gemeente).of("ik heb schulden")
    assert heard.keys() - {"text", "intent", "intent_ranking", "entities"} <= set(UNDERSTOOD)


# What is sent.

LONG = "Een heel lange titel van een keuze"


def choices(*titles: str) -> tuple[Choice, ...]:
    return tuple(Choice(f"~ab12.{number}", title) for number, title in enumerate(titles, 1))


@pytest.mark.parametrize(
    ("reply", "form"),
    [
        (Reply("x", "nl"), "text"),
        (Reply("x", "nl", choices("Ja", "Nee", "Weet ik niet")), "button"),
        (Reply("x", "nl", choices("Ja", "Nee", "a", "b")), "list"),
        (Reply("x", "nl", choices("Ja", LONG)), "list"),
        (Reply("x", "nl", choices("Ja", "Ja")), "list"),
        (Reply("x", "nl", choices("Ja", "Nee"), (Choice("+a", "A"), Choice("+b", "B"))), "list"),
        (Reply("x", "nl", choices(*map(str, range(11)))), "text"),
        (Reply("x" * 1025, "nl", choices("Ja", "Nee")), "text"),
        (Reply("x", "nl", choices("Ja", "Nee"), numbered=True), "text"),
    ],
)
def test_buttons_where_they_hold_it_else_a_list_else_numbers(reply: Reply, form: str) -> None:
    payload = laid_out(reply, catalogue())
    assert payload.get("interactive", payload)["type"] == form
    assert not list(too_long(payload))
    if form == "text" and reply.choices:
        assert "\n2. " in payload["text"]["body"]
        assert reply.picked(2) == "~ab12.2"


@needs_meta
@pytest.mark.parametrize("language", complete())
def test_what_we_send_is_what_metas_schemas_describe(language: str) -> None:
    composer = Composer(catalogue(), "https://hulp.example")
    for reply in (
        Reply("x", language, choices("Ja", "Nee")), Reply("x", language, choices("Ja", "Nee", LONG), (Choice("+a", LONG * 3),)),
        Reply("x", language), composer.first_notice("voice"),
    ):  # fmt: skip
        for payload in (laid_out(reply, catalogue()), plain(reply, catalogue())):
            validate({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "316", **payload})


@needs_meta
def test_metas_own_examples_are_in_order_by_the_same_schemas_and_a_long_button_is_not() -> None:
    sent = meta("meta_send_examples_v23.json")
    for name in ("Send List Message", "Send Reply Button", "Send Text Message", "Send Reply to Text Message"):
        validate(sent[name])
    wrong = json.loads(json.dumps(sent["Send Reply Button"]))
    wrong["interactive"]["action"]["buttons"][0]["reply"]["title"] = "x" * 21
    with pytest.raises(jsonschema.ValidationError):
        validate(wrong)
    assert list(too_long(wrong))


@needs_meta
def test_our_limits_pass_what_meta_shows_of_texts_buttons_and_lists() -> None:
    ours = [one for one in meta("meta_send_examples_v23.json").values()
            if one.get("type") in ("text", "interactive") and (one.get("interactive") or {}).get("type", "list") in ("button", "list")]  # fmt: skip
    assert len(ours) == 4
    assert [what for one in ours for what in too_long(one)] == []


def validate(payload: dict[str, Any]) -> None:
    schemas = loosened(meta("meta_schemas_v23_subset.json"))
    kind = {"text": "TextMessage", "audio": "AudioMessage"}.get(payload["type"], "InteractiveMessage")
    jsonschema.Draft7Validator({**schemas, "$ref": f"#/components/schemas/{kind}"}).validate(payload)


def loosened(part: Any) -> Any:
    """Meta's file forbids in each half of an `allOf` what the other half allows."""
    if isinstance(part, dict):
        return {
            k: loosened(v)
            for k, v in part.items()
            if k != "discriminator" and not (k == "additionalProperties" and v is False)
        }
    return [loosened(one) for one in part] if isinstance(part, list) else part


def test_everything_that_is_said_fits_into_whatsapp_in_every_language() -> None:
    assert list(whatsapp_mistakes()) == []


def test_the_check_sees_a_title_that_is_too_long() -> None:
    payload = laid_out(Reply("x", "nl", choices("Ja", "Nee")), catalogue())
    payload["interactive"]["action"]["buttons"][0]["reply"]["title"] = "x" * 21
    assert [what for what in too_long(payload) if "a button has 21" in what]


def route(name: str, kind: str = "voorziening") -> dict[str, Any]:
    return {
        "kind": kind,
        "id": name,
        "name": name.title(),
        "why": ["topic"],
        "why_text": f"because of {name}",
        "phone": "026-1",
    }


def test_one_message_a_turn_the_best_place_whole_the_others_to_press() -> None:
    messages = [
        {
            "text": "Dit past: Eerste. Bel 026-1.",
            "language": "nl",
            "routes": [route("eerste"), route("tweede")],
            "card": "/hulpkaart/x",
        },
        {"text": "Wat is lastig?", "language": "nl", "buttons": [{"title": "Ja", "payload": "~ab12.1"}]},
    ]
    composer = Composer(catalogue(), "https://hulp.example/")
    reply = composer.reply(messages)
    assert "because of eerste" in reply.text
    assert "because of tweede" not in reply.text
    assert reply.text.count("026-1") == 1, "what the sentence says is not said twice"
    assert "https://hulp.example/hulpkaart/x" in reply.text
    assert reply.text.endswith("Wat is lastig?")
    assert [choice.id for choice in (*reply.choices, *reply.others)] == ["~ab12.1", "+tweede"]
    other = composer.reply(messages, show="tweede")
    assert "because of tweede" in other.text
    assert "Eerste" not in other.text
    assert [choice.id for choice in other.others] == ["+eerste"]


def test_in_a_crisis_nothing_stands_beside_the_number() -> None:
    said = {"text": "Bel nu 0800-0113.", "language": "nl", "routes": [route("113", "crisis"), route("112", "crisis")]}
    reply = Composer(catalogue(), "https://hulp.example").reply([said])
    assert (reply.text, reply.choices, reply.others) == ("Bel nu 0800-0113.", (), ())
