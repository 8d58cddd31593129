"""The checks of the texts: each on sentences that are plain and sentences that are not, then all of them on changed texts."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bot.checks.book import Book, read_book
from bot.checks.buttons import long_title, twins
from bot.checks.completeness import differing_keys, offered
from bot.checks.dutch_style import noun_style, passive
from bot.checks.frequency import frequency_in, rare_words
from bot.checks.freshness import behind, confirmed, mark_of, named_by
from bot.checks.limits import matching, read_limits
from bot.checks.numbers_in_texts import strange_numbers
from bot.checks.placeholders import differing
from bot.checks.plain import banned_words, long_sentences, questions, sentences, too_long, too_long_aloud, unsayable
from bot.checks.reading import read_texts
from bot.checks.steps import BUTTON, filled, step_of, values_in
from bot.checks.turns import Turn, turn_mistakes
from bot.checks.view import render_view
from bot.folding import fold
from bot.languages import complete
from tests.conftest import ROOT
from tests.texts_fixtures import Copy

TWELVE = "een twee drie vier vijf zes zeven acht negen tien elf twaalf."
FIFTEEN = "bir iki üç dört beş altı yedi sekiz dokuz on bir iki üç dört beş."


@pytest.mark.parametrize(
    ("language", "text", "wrong"),
    [
        ("nl", TWELVE, 0),
        ("nl", f"een {TWELVE}", 1),
        ("nl", f"{TWELVE} {TWELVE}", 0),
        ("nl", f"nul {TWELVE} Kort. Nul {TWELVE}", 2),
        ("nl", "Bel %{phone} en vraag naar %{ask_for}.", 0),
        ("en", f"one {TWELVE}", 1),
        ("pap", f"un {TWELVE}", 1),
        ("tr", FIFTEEN, 0),
        ("tr", f"sıfır {FIFTEEN}", 1),
        ("pl", FIFTEEN, 0),
        ("pl", f"zero {FIFTEEN}", 1),
        ("nl", "", 0),
    ],
)
def test_a_sentence_holds_one_thought(language: str, text: str, wrong: int) -> None:
    assert len(list(long_sentences(text, read_limits(language)))) == wrong


def test_a_sentence_ends_at_a_stop_also_inside_quotes() -> None:
    assert sentences("Zeg: 'dat wil ik niet.' Dan hoor ik het. Goed?") == [
        "Zeg: 'dat wil ik niet.",
        "Dan hoor ik het.",
        "Goed?",
    ]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Heb je vandaag iets te eten? Dan weet ik of er haast is.", ()),
        ("Dat is zwaar. Je bent niet de enige. Heb je eten?", ()),
        ("Dat is zwaar. Je bent niet de enige. Ik luister. Heb je eten?", ("before",)),
        ("Heb je eten? Heb je een bed?", ("questions",)),
        ("Ik blijf. Ik luister. Ik ben er. Ben je er? Ben je veilig?", ("questions", "before")),
        ("Bel nu. Zij sturen hulp. Het is gratis. Zeg waar je bent.", ()),
    ],
)
def test_one_question_a_turn_and_little_before_it(text: str, wrong: tuple[str, ...]) -> None:
    found = list(questions(text, read_limits("nl")))
    assert len(found) == len(wrong)
    assert all(word in what for word, what in zip(wrong, found, strict=True))


def test_a_turn_is_short_to_read_and_shorter_to_hear() -> None:
    limits = read_limits("nl")
    assert list(too_long("a" * 300, limits)) == list(too_long_aloud("a" * 200, limits)) == []
    assert list(too_long("a" * 301, limits)) and list(too_long_aloud("a" * 201, limits))
    number = "0800-0113 " * 10  # a hundred letters to read, three times as many digit by digit
    assert list(too_long(number, limits)) == []
    assert list(too_long_aloud(number, limits))


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Bel gerust. Het is gratis.", None),
        ("Dan weet ik 't.", None),
        ("Bel %{phone}.", None),
        ("Goed zo 🎉", "emoji"),
        ("Kijk op https://voorbeeldstad.example", "link"),
        ("Neem je pas (of ID) mee.", "'('"),
        ("Bel een vriend/vriendin.", "'/'"),
        ("Het is *gratis*.", "'*'"),
        ("Brieven & papieren", "'&'"),
    ],
)
def test_a_turn_can_be_said_aloud(text: str, sign: str | None) -> None:
    found = list(unsayable(text, read_limits("nl")))
    assert len(found) == (sign is not None)
    assert sign is None or sign in found[0]


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("nl", "Je krijgt een beschikking.", "beschikking"),
        ("nl", "Je krijgt een toekenningsbeschikking van ons.", "toekenningsbeschikking"),
        ("nl", "Hulp zonder INDICATIES.", "indicaties"),
        ("nl", "Dat is een voorliggende voorziening.", "voorliggende"),
        ("nl", "Dat valt onder de Wmo.", "wmo"),
        ("nl", "Wij verwijzen je door.", "verwijzen"),
        ("nl", "Plekken in de sociale basis.", "sociale basis"),
        ("nl", "Welke drempels zijn er?", "drempels"),
        ("nl", "Drempelhulp zoekt met je mee.", None),
        ("nl", "Dat wijst zich vanzelf.", None),
        ("tr", "Yardım talebiniz nedir?", "yardim talebiniz"),
        ("tr", "Sizi wijkteam'e yönlendiriyoruz.", "yonlendiriyoruz"),
        ("tr", "Bu bir eşiktir, eşiği geçin.", "esigi"),
        ("tr", "Eksik bir şey var mı?", None),
        ("tr", "ENDİKASYON gerekmez.", "endikasyon"),
        ("pl", "Dostaniesz decyzję administracyjną.", "decyzje administracyjna"),
        ("pl", "Potrzebne jest skierowanie.", "skierowanie"),
        ("pl", "Jakie są bariery i progi?", "bariery"),
        ("pl", "Mamy program dla dzieci.", None),
        ("pap", "Bo mester di un indikashon.", "indikashon"),
        ("pap", "Nos ta referí bo.", "referi"),
        ("pap", "Kiko ta bo petishon di yudansa?", "petishon di yudansa"),
        ("pap", "Ta grátis.", None),
        ("en", "We refer you to somebody.", "refer"),
        ("en", "Ask for a referral.", "referral"),
        ("en", "This is a reference book.", None),
        ("en", "What is your Support request?", "support request"),
        ("en", "You are self-reliant.", "self-reliant"),
    ],
)
def test_no_word_of_the_counter_whatever_its_ending(language: str, text: str, word: str | None) -> None:
    found = list(banned_words(text, read_limits(language)))
    assert bool(found) == (word is not None), found
    assert word is None or any(repr(word) in what for what in found), found


def test_each_word_that_residents_never_see_is_named_in_each_language() -> None:
    """conversation.md lists ten in Dutch; the Dutch word is banned everywhere, for people hear it at the counter."""
    dutch = (
        "beschikking",
        "indicatie",
        "voorziening",
        "maatwerk",
        "Wmo",
        "zelfredzaamheid",
        "hulpvraag",
        "drempel",
        "sociale basis",
    )
    for language in complete():
        for word in dutch:
            assert list(banned_words(f"Dat is {word} hier.", read_limits(language))), (language, word)


def test_a_star_stands_for_any_ending_and_other_signs_for_themselves() -> None:
    assert matching("świadczeni*").search(fold("Świadczeniach"))
    assert not matching("drempel").search("drempelhulp")
    assert not matching("w.o").search("wmo")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Je bericht wordt gewist.", True),
        ("Er werd niet betaald.", True),
        ("Je moet worden opgebeld.", True),
        ("Ik wis je bericht.", False),
        ("Zij betalen je rekening.", False),
        ("Het wordt morgen beter.", False),
        ("Dan wordt het gesprek korter.", False),
        ("Ik word gek van mijn gedachten.", False),
        ("Het is gelukt. Het wordt mooi.", False),
    ],
)
def test_dutch_says_who_does_it(text: str, wrong: bool) -> None:
    assert bool(list(passive(text, read_limits("nl")))) == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Voor de betaling van je huur.", True),
        ("Help bij het invullen van je brief.", True),
        ("De beschikbaarheid van hulp is goed.", True),
        ("Neem de rekening van de dokter mee.", False),
        ("Het eten van de buurvrouw is gratis.", False),
        ("Ik betaal je huur.", False),
    ],
)
def test_dutch_says_a_deed_with_a_verb(text: str, wrong: bool) -> None:
    assert bool(list(noun_style(text, read_limits("nl")))) == wrong
    assert list(noun_style(text, read_limits("en"))) == list(passive(text, read_limits("en"))) == []


@pytest.mark.parametrize("language", complete())
def test_a_button_holds_twenty_letters_in_every_language(language: str) -> None:
    limits = read_limits(language)
    assert list(long_title("ş" * 20, limits)) == []
    assert list(long_title("ş" * 21, limits))


def test_buttons_beside_each_other_differ() -> None:
    titles = {"topics.geld.title": "Geld", "topics.eten.title": "GELD", "drempels.kosten.title": "Geld",
              "questions.een.answers.ja": "Ja", "questions.twee.answers.ja": "Ja", "questions.een.answers.nee": "ja"}  # fmt: skip
    assert [key for key, _ in twins(titles)] == ["topics.eten.title", "questions.een.answers.nee"]


@pytest.mark.parametrize(
    ("key", "text", "wrong"),
    [
        ("a.b", "Zadzwoń pod %{phone}.", False),
        ("a.b", "Zadzwoń.", True),
        ("a.b", "Zadzwoń pod %{phone} albo %{phone_alt}.", True),
        ("a.c.0", "Zadzwoń pod %{phone}.", False),  # another variant of the source uses as much
        ("a.c.0", "Zadzwoń.", True),
        ("a.c.1", "Zadzwoń pod %{phone}, %{name}.", True),
        ("a.d", "%{phone}", False),  # no such source: told elsewhere
    ],
)
def test_a_translation_fills_in_what_its_source_fills_in(key: str, text: str, wrong: bool) -> None:
    source = {"a.b": "Bel %{phone}.", "a.c.0": "Bel %{phone} of %{phone_alt}.", "a.c.1": "Bel %{phone}."}
    assert [found for found, _ in differing(source, {key: text})] == ([key] if wrong else [])


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("Bel 112, of 0800-0113.", 0),
        ("Bel 0800 0113.", 0),
        ("Bel 0800-0114.", 1),
        ("Bel 144.", 1),
        ("Bel 14 026.", 1),
        ("Bel +31 26 377 44 33 of 026-3774433.", 2),
        ("Van 12 tot 18 jaar, in 2026.", 0),
        ("12'den 18 yaşa kadar", 0),
        ("Bel %{phone}.", 0),
    ],
)
def test_a_number_in_a_text_is_on_the_map(text: str, strange: int) -> None:
    assert len(list(strange_numbers(text, frozenset({"112", "08000113"})))) == strange


def test_a_translation_falls_behind_when_its_source_changes_until_somebody_confirms_it() -> None:
    source, translated = (
        {"a.b": "Bel ons.", "a.c": "Kom langs."},
        {"a.b": "Call us.", "a.c": "Come by.", "a.old": "Old."},
    )
    assert [key for key, _ in behind(source, translated, {}, "en")] == ["a.b", "a.c"]
    marks = confirmed({"a.old": "x"}, ["a.b", "a.c"], source, translated)
    assert marks == {"a.b": mark_of("Bel ons."), "a.c": mark_of("Kom langs.")}
    assert list(behind(source, translated, marks, "en")) == []
    changed = {**source, "a.b": "Bel ons nu."}
    ((key, what),) = behind(changed, translated, marks, "en")
    assert key == "a.b" and "Bel ons nu." in what and "--confirm a.b --lang en" in what
    assert named_by(["a", "a.c", "x"], translated) == {"a": ["a.b", "a.c", "a.old"], "a.c": ["a.c"], "x": []}


def test_a_language_has_the_keys_of_its_source_but_words_of_its_own() -> None:
    source = {"a.b", "answers.yes.0", "answers.yes.1"}
    assert list(differing_keys(source, {"a.b", "answers.yes.0", "answers.yes.1", "answers.yes.2"})) == []
    assert [key for key, _ in differing_keys(source, {"a.c"})] == ["a.b", "answers.yes.0", "a.c"]


def test_the_page_offers_what_is_complete_and_no_draft() -> None:
    keys = {"website.language_nl", "website.language_uk"}
    assert [key for key, _ in offered(keys, ["nl", "en"], ["nl", "en", "uk"])] == [
        "website.language_en",
        "website.language_uk",
    ]
    assert list(offered(keys, ["nl", "uk"], ["nl", "uk"])) == []


@pytest.mark.parametrize(
    ("language", "text", "rare"),
    [
        ("nl", "Bel gerust, het is gratis.", []),
        ("nl", "Een ondersteuningsarrangement voor %{name}.", ["ondersteuningsarrangement"]),
        ("nl", "Een wijkcoach komt bij je thuis.", []),  # allowed, with the reason
        ("en", "Somebody will perambulate.", ["perambulate"]),
        ("tr", "Bizimle konuşabilirsiniz.", []),  # its beginning is known
        ("pl", "Zadzwoń do nas.", []),
        ("pap", "Xyzzy plugh.", []),  # nobody has counted it
    ],
)
def test_words_that_few_people_know_are_listed(language: str, text: str, rare: list[str]) -> None:
    frequency = frequency_in(language) or (lambda word: 0.0)
    assert [word for word, _ in rare_words(text, read_limits(language), frequency)] == rare


def test_only_the_workshop_loads_the_word_list() -> None:
    importing = [path.relative_to(ROOT) for top in ("bot", "actions") for path in (ROOT / top).rglob("*.py")
                 if "wordfreq" in path.read_text(encoding="utf-8") and _imports(path, "wordfreq")]  # fmt: skip
    assert importing == [Path("bot/checks/frequency.py")]
    asking = [path.relative_to(ROOT) for top in ("bot", "actions") for path in (ROOT / top).rglob("*.py")
              if _imports(path, "bot.checks.frequency")]  # fmt: skip
    assert set(asking) == {Path("bot/commands/texts.py"), Path("bot/checks/worst.py")}


def _imports(path: Path, name: str) -> bool:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        found = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if name in found or (isinstance(node, ast.ImportFrom) and node.module == name):
            return True
    return False


def test_the_limits_hold_for_texts_that_are_said_in_one_turn() -> None:
    texts = {"a.0": "Dat is zwaar. Heb je hulp?", "a.1": "Goed.", "b.0": "Ben je veilig?", "b.1": "Ik ben er."}
    turn = Turn("both", (("a.*",), ("b.*",)), {})
    ((key, what),) = turn_mistakes(turn, texts, read_limits("nl"))
    assert key == "b.0" and "a.0" in what and "2 questions" in what
    assert list(turn_mistakes(Turn("both", turn.parts, {"questions": 2}, "because"), texts, read_limits("nl"))) == []
    together = Turn("all", (("a.0 + a.1",), ("b.1",)), {"before_question": 0}, "because")
    assert len(list(turn_mistakes(together, texts, read_limits("nl")))) == 1


def test_a_turn_with_a_limit_of_its_own_says_why() -> None:
    assert [turn.name for turn in read_book().turns if bool(turn.own) != bool(turn.why)] == []


def test_every_question_of_a_conversation_is_checked_in_its_turn() -> None:
    book = read_book()
    asked = {key for key in book.words("nl") if key.startswith("conversation.ask.") or ".ask." in key}
    last = {pattern for turn in book.turns for pattern in turn.parts[-1]}
    unchecked = [key for key in asked if step_of(key, dict.fromkeys(last, "seen")) != "seen"]
    # the topic that is asked back stands alone
    assert [key for key in unchecked if not key.startswith("conversation.ask.maybe.")] == []


def test_a_placeholder_is_measured_with_what_it_may_bring() -> None:
    texts = {"topics.a.name": "kort", "topics.b.name": "heel erg lang"}
    values = values_in(texts, {"topic": "@topics.*.name", "phone": "0999-000 03"})
    assert filled("%{topic}: %{phone}, %{unknown}", values) == "heel erg lang: 0999-000 03, unknown"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: goed\nb: [een, twee]\n", ()),
        ('a: "ja"\nb: "no"\n', ()),
        ("a: goed\na: beter\n", ("x.yml:2", "twice")),
        ("a: no\n", ("x.yml:1", "in quotes")),
        ("yes: [ja]\n", ("x.yml:1", "in quotes")),
        ("a:\n  tijd: 12:30\n", ("x.yml:2", "in quotes")),
        ("a: [een\n", ("x.yml", "no YAML")),
    ],
)
def test_what_would_be_read_otherwise_than_it_stands_is_told(tmp_path: Path, text: str, told: tuple[str, ...]) -> None:
    (tmp_path / "locales" / "nl").mkdir(parents=True)
    (tmp_path / "locales" / "languages.yml").write_text("nl: {name: Nederlands}\n")
    (tmp_path / "locales" / "nl" / "x.yml").write_text(text)
    found, mistakes = read_texts(tmp_path / "locales")
    assert len(mistakes) == bool(told), mistakes
    assert all(word in mistakes[0] for word in told)
    if not told:
        assert {text.line for text in found["nl"].values()} == {1, 2}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("texts"))


def test_a_changed_dutch_text_is_told_for_every_language_and_confirmed_for_one(copy: Copy) -> None:
    path, key = "locales/nl/conversation.yml", "conversation.open.ask"
    for language in ("tr", "pl"):
        assert copy.command("texts", "--confirm", key, "--lang", language).returncode == 0
    before = copy.read("locales/sources/pl.yml")
    copy.change(path, "  ask: Waar kan ik je mee helpen?\n", "  ask: Waarmee kan ik je helpen?\n")
    told = copy.command("texts", "--lang", "tr", "pl")
    assert told.returncode == 1
    assert told.stdout.count("has changed since this was translated: 'Waarmee kan ik je helpen?'") == 2
    assert copy.command("texts", "--confirm", key, "--lang", "pl").stdout == "pl: 1 confirmed\n"
    told = copy.command("texts", "--lang", "tr", "pl")
    assert told.stdout.count("'Waarmee kan ik je helpen?'") == 1
    changed = set(copy.read("locales/sources/pl.yml").splitlines()) ^ set(before.splitlines())
    assert {row.split(":")[0] for row in changed} == {key}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--confirm", "conversation.nothing", "--lang", "pl"), "conversation.nothing"),
        (("--confirm", "conversation.open.who"), "--lang"),
        (("--confirm", "conversation.open.who", "--lang", "nl"), "source"),
        (("--confirm", "dashboard", "--lang", "pl"), "dashboard"),
        (("--html", "-"), "--lang"),
        (("--html", "-", "--lang", "pl", "tr"), "--lang"),
    ],
)
def test_what_cannot_be_done_ends_with_two_and_why(copy: Copy, arguments: tuple[str, ...], told: str) -> None:
    ran = copy.command("texts", *arguments)
    assert ran.returncode == 2
    assert told in ran.stderr and ran.stdout == ""


def test_the_worst_texts_and_the_rare_words_are_listed(copy: Copy) -> None:
    listed = copy.command("texts", "--lang", "nl", "pap", "--worst", "3").stdout
    nl, pap = listed.split("\npap ")
    assert nl.count(" words ") + nl.count(" letters ") >= 3 and "locales/nl/" in nl
    assert "Rare words:" in nl and "nobody has counted" in pap


def test_the_translators_page_holds_both_sides_and_where_it_is_said(copy: Copy) -> None:
    ran = copy.command("texts", "--lang", "pl", "--html", "-")
    assert ran.returncode == 0, ran.stderr
    assert '<td lang="nl">Ik ben een computer. Ik vraag niet wie je bent.</td>' in ran.stdout
    assert '<td lang="pl" dir="ltr">Jestem komputerem. Nie pytam, kim jesteś.</td>' in ran.stdout
    assert "locales/pl/conversation.yml:" in ran.stdout and "crisis: the very next turn" in ran.stdout
    assert "<mark>%{phone}</mark>" in ran.stdout


def test_the_page_escapes_what_stands_in_a_text() -> None:
    book = read_book()
    hostile = {**book.texts["pl"]}
    key = "topics.geld.title"
    hostile[key] = type(hostile[key])("pl", key, "<script>alert(1)</script>", hostile[key].path, 1)
    changed = Book(**{**book.__dict__, "texts": {**book.texts, "pl": hostile}})
    page = render_view(changed, "pl", [], {})
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert book.kind(key) == BUTTON
