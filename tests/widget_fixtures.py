"""A scripted server that speaks the website's agreement, and the browser that the component's tests run in."""

from __future__ import annotations

import json
import os
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect, sync_playwright

from bot.channels.files import without_comments
from bot.channels.page import render_page
from bot.paths import DATA, LOCALES, WIDGET

LANGUAGES: dict[str, str] = yaml.safe_load((DATA / "taxonomy.yml").read_text(encoding="utf-8"))["languages"]
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
CHROMIUM = os.environ.get("DREMPELHULP_CHROMIUM", "/usr/bin/chromium")
PATIENCE = 15_000  # ms before a wait in the browser counts as failed; a busy machine is no failure
FILES = {
    "/drempelhulp.js": "text/javascript",
    "/voice.js": "text/javascript",
    "/drempelhulp.css": "text/css",
    "/tokens.css": "text/css",
}
# What the scripted server answers: by language, by message. `again`: to anything else.
CANNED: dict[str, dict[str, Any]] = yaml.safe_load(r"""
nl:
  opening:
    text: "Goedemiddag. Fijn dat je er bent.\n\nIk zoek met je mee naar hulp in je buurt. Ik ben een computer. Ik vraag niet wie je bent.\n\nWat speelt er bij je?"
    spoken: Goedemiddag.
    language: nl
    buttons:
      - {title: Geld of schulden, payload: k1}
      - {title: Wonen, payload: k2}
      - {title: Brieven die ik niet snap, payload: k3}
      - {title: Iets anders, payload: k4}
  again: {text: "Dat is zwaar, brieven die je niet begrijpt.\n\nIn welke wijk woon je?", language: nl}
  k1:
    text: "Veel mensen hebben dit. Je bent niet de enige.\n\nIs er vandaag genoeg te eten?"
    language: nl
    buttons: [{title: Ja, payload: j}, {title: Nee, payload: routes}, {title: Zeg ik liever niet, payload: z}]
  routes:
    text: "Dank je dat je het vertelt.\n\nHier kun je vandaag al terecht."
    language: nl
    card: /hulpkaart/abc123
    buttons: [{title: Dit helpt, payload: b1}, {title: Een beetje, payload: b2}, {title: Dit helpt niet, payload: b3}]
    routes:
      - kind: spreekuur
        id: spreekuur-malburgen
        name: Inloopspreekuur Malburgen
        why: [topic, wijk, taal]
        why_text: Hier helpen ze met geld, in jouw wijk, ook in het Turks.
        phone: 026 377 4955
        address: Gelderse Rooslaan 11, Arnhem
        open_now: false
        hours_text: Morgen open, dinsdag van tien tot twaalf
        languages: [nl, tr]
        free: true
        bring: De brieven die je niet begrijpt
        say: Ik heb schulden en ik weet niet waar ik moet beginnen.
        not_for: Een lening
        url: https://www.example.org/spreekuur
        checked: "2026-10-01"
      - {kind: wijkteam, id: wijkteam-malburgen, name: Wijkteam Malburgen, why: [wijk], why_text: Een wijkcoach denkt met je mee over alles tegelijk., phone: 026 123 4567, free: true, checked: "2026-09-12"}
      - {kind: voorziening, id: voedselbank, name: Voedselbank, why: [topic], why_text: Hier krijg je eten voor een week., address: Voorbeeldstraat 1, free: true}
  crisis:
    text: "Wat je zegt, neem ik serieus.\n\nBel nu 113, of 0800-0113. Het is gratis en er is nu iemand."
    language: nl
    routes:
      - {kind: crisis, id: "113", name: 113 Zelfmoordpreventie, why: [crisis], why_text: Je kunt alles zeggen. Je hoeft je naam niet te noemen., phone: 0800-0113, hours_text: Dag en nacht open, free: true}
tr:
  opening:
    text: "Merhaba. İyi ki geldiniz.\n\nSize mahallenizde yardım bulmaya çalışıyorum. Ben bir bilgisayarım. Kim olduğunuzu sormam.\n\nNe oldu, anlatır mısınız?"
    language: tr
    buttons: [{title: Para ya da borç, payload: k1}, {title: Ev, payload: k2}, {title: Anlamadığım mektuplar, payload: k3}]
  again: {text: "Anlıyorum, bu kolay değil.\n\nHangi mahallede oturuyorsunuz?", language: tr}
  routes:
    text: Buraya hemen gidebilirsiniz.
    language: tr
    card: /hulpkaart/abc123
    routes:
      - {kind: spreekuur, id: spreekuur-malburgen, name: Inloopspreekuur Malburgen, why_text: Burada Türkçe konuşan biri var., phone: 026 377 4955, address: "Gelderse Rooslaan 11, Arnhem", hours_text: "Yarın, salı günü ondan on ikiye kadar açık", languages: [nl, tr], free: true, bring: Anlamadığınız mektuplar, say: Borcum var ve nereden başlayacağımı bilmiyorum., checked: "2026-10-01"}
pl:
  opening:
    text: "Dzień dobry. Dobrze, że jesteś.\n\nSzukam z tobą pomocy w okolicy. Jestem komputerem. Nie pytam, kim jesteś.\n\nCo się dzieje?"
    language: pl
    buttons: [{title: Pieniądze albo długi, payload: k1}, {title: Mieszkanie, payload: k2}]
  again: {text: "Rozumiem, to trudne.\n\nW jakiej dzielnicy mieszkasz?", language: pl}
pap:
  opening:
    text: "Bon tardi. Bon ku bo a bini.\n\nMi ta buska yudansa ku bo den bo bario. Mi ta un kòmpiuter. Mi no ta puntra ken bo ta.\n\nKiko ta pasando?"
    language: pap
    buttons: [{title: Plaka òf debe, payload: k1}, {title: Kas, payload: k2}]
  again: {text: "Mi ta komprondé, esaki ta difísil.\n\nDen kua bario bo ta biba?", language: pap}
en:
  opening:
    text: "Good afternoon. Good that you are here.\n\nI look for help near you. I am a computer. I do not ask who you are.\n\nWhat is going on?"
    language: en
    buttons: [{title: Money or debts, payload: k1}, {title: Housing, payload: k2}]
  again: {text: "That is a lot to carry.\n\nWhich part of town do you live in?", language: en}
""")


for code, answers in CANNED.items():
    for name in (
        "k1",
        "routes",
        "crisis",
    ):  # the frame around them is in the language; what stands in them is not looked at
        answers.setdefault(name, {**CANNED["nl"][name], "language": code})


@lru_cache
def texts(language: str) -> dict[str, str]:
    return dict(yaml.safe_load((LOCALES / language / "website.yml").read_text(encoding="utf-8")))


@lru_cache
def served(name: str) -> bytes:
    """A file of the component as the site sends it."""
    return without_comments((WIDGET / name).read_text(encoding="utf-8")).encode()


@dataclass
class Fault:
    """What goes wrong with the next POST or GET of a path: an answer's status, or the answer never sent."""

    path: str
    status: int
    heard: bool = False
    """The message was understood before its answer was lost."""
    headers: dict[str, str] = field(default_factory=dict)
    messages: tuple[dict[str, Any], ...] = ()
    """What is said all the same."""


class Site:
    """The scripted server: canned answers, what it was asked, and the faults it is told to have."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.heard: dict[str, str] = {}
        """Message by id, once each."""
        self.sessions: dict[str, dict[str, Any]] = {}
        self.faults: list[Fault] = []
        self.gate = threading.Event()
        self.gate.set()
        self.pages: dict[str, str] = {}

    def reset(self) -> None:
        self.asked, self.heard, self.sessions, self.faults, self.pages = [], {}, {}, [], {}
        self.gate.set()

    def open(self, language: str) -> dict[str, Any]:
        token = f"token-{len(self.sessions) + 1}"
        messages = [CANNED[language]["opening"]]
        self.sessions[token] = {"language": language, "messages": messages}
        return {"session": token, "language": language, "messages": messages}

    def say(self, token: str, message: str, key: str) -> list[dict[str, Any]]:
        """The answer to a message; the same id again is not heard twice."""
        session = self.sessions[token]
        if self.heard.get(key) != message:
            self.heard[key] = message
            by_name = {name: code for code, name in LANGUAGES.items()}
            session["language"] = by_name.get(message, session["language"])
            words = CANNED[session["language"]]
            session["messages"] = [words.get(message, words["opening" if message in by_name else "again"])]
        return list(session["messages"])

    def page(self, language: str, messages: list[dict[str, Any]], session: str | None) -> str:
        return render_page(texts(language), language, LANGUAGES, messages, session)


class Handler(BaseHTTPRequestHandler):
    site: Site

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""

    def do_OPTIONS(self) -> None:
        self.answer(204, b"", "text/plain", {"Access-Control-Allow-Headers": "content-type, authorization"})

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/webhooks/web/session":
            self.json("/webhooks/web/session", {}, self.last_turn)
        elif url.path in FILES:
            self.answer(200, served(url.path[1:]), FILES[url.path])
        elif url.path.startswith("/widget/"):
            wanted = [Path(url.path).stem, *parse_qs(url.query).get("or", [""])[0].split(","), "nl"]
            language = next(code for code in wanted if code in LANGUAGES)
            self.answer(200, json.dumps({"lang": language, **texts(language)}).encode(), "application/json")
        elif url.path in self.site.pages:
            self.answer(200, self.site.pages[url.path].encode(), "text/html; charset=utf-8")
        elif url.path == "/":
            language = parse_qs(url.query).get("lang", ["nl"])[0]
            self.html(self.site.page(language, [], None))
        else:
            self.answer(404, b"{}", "application/json")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/praat":
            return self.talk({name: values[0] for name, values in parse_qs(body.decode()).items()})
        given = json.loads(body)
        if self.path == "/webhooks/web/session":
            return self.json(self.path, given, lambda: self.site.open(given.get("language", "nl")))
        self.site.gate.wait(10)
        return self.json(self.path, given, lambda: self.message(given))

    def message(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["session"] not in self.site.sessions and given["message"] == "crisis":
            raise KeyError(given["session"], CANNED["nl"]["crisis"])
        return {"messages": self.site.say(given["session"], given["message"], given["id"])}

    def last_turn(self) -> dict[str, Any]:
        return self.site.sessions[self.headers["Authorization"].removeprefix("Bearer ")]

    def talk(self, form: dict[str, str]) -> None:
        session = form.get("session") or self.site.open(form["language"])["session"]
        messages = self.site.say(session, form["message"], f"form-{len(self.site.heard)}")
        self.html(self.site.page(messages[-1]["language"], messages, session))

    def json(self, path: str, given: dict[str, Any], say: Callable[[], dict[str, Any]]) -> None:
        self.site.asked.append((self.command, path, given))
        fault = next((fault for fault in self.site.faults if fault.path == path), None)
        if fault:
            self.site.faults.remove(fault)
            if fault.heard:
                say()
            body = json.dumps({"messages": fault.messages} if fault.messages else {}).encode()
            return self.answer(fault.status, body, "application/json", fault.headers)
        try:
            return self.answer(200, json.dumps(say()).encode(), "application/json")
        except KeyError as unknown:
            said = {"error": "session", "messages": unknown.args[1:]}
            return self.answer(401, json.dumps(said).encode(), "application/json")

    def html(self, page: str) -> None:
        self.answer(200, page.encode(), "text/html; charset=utf-8", {"Content-Security-Policy": STRICT})

    def answer(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        given = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After", **(headers or {})}
        for name, value in {**given, "Content-Type": kind, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def serve(site: Site) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("SiteHandler", (Handler,), {"site": site}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    return server


@pytest.fixture(scope="session")
def running_site() -> Iterator[Site]:
    site = Site()
    server = serve(site)
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture
def script(running_site: Site) -> Iterator[Site]:
    """The scripted server, fresh."""
    running_site.reset()
    yield running_site
    running_site.gate.set()


@pytest.fixture
def site(script: Site) -> str:
    """The base address of a site with the chat."""
    return script.url


@pytest.fixture
def elsewhere() -> Iterator[Site]:
    """Another site, of another origin, on which pages can be put."""
    other = Site()
    server = serve(other)
    yield other
    server.shutdown()
    server.server_close()


def browser_path(playwright: BrowserType) -> str:
    return CHROMIUM if Path(CHROMIUM).is_file() else playwright.executable_path


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A Chromium: DREMPELHULP_CHROMIUM, Debian's, or Playwright's own."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        path = browser_path(playwright.chromium)
        if not Path(path).is_file():
            why = f"no browser at {CHROMIUM} or {path}: `apt-get install chromium`, or set DREMPELHULP_CHROMIUM to one"
            if os.environ.get("CI") == "true":
                pytest.fail(why)
            warnings.warn(f"THE CHAT IS NOT TESTED: {why}", stacklevel=1)
            pytest.skip(why)
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def shared_contexts(chromium: Browser) -> dict[tuple[bool, str], BrowserContext]:
    """One browser context for each pair of script and language: a page of its own has a sessionStorage of its own."""
    return {}


@pytest.fixture
def visit(chromium: Browser, shared_contexts: dict[tuple[bool, str], BrowserContext]) -> Iterator[Visit]:
    """Opens an address in a page of its own: `visit(url, width=320, script=False, language="tr")`.

    `fresh`: in a context of its own, for a test that changes its clock or its network.
    """
    pages: list[Page] = []
    own: list[BrowserContext] = []

    def open_page(
        url: str, width: int = 1280, height: int = 900, script: bool = True, language: str = "nl", fresh: bool = False
    ) -> Page:
        context = None if fresh else shared_contexts.get((script, language))
        if context is None:
            context = chromium.new_context(java_script_enabled=script, locale=language, reduced_motion="reduce")
            context.set_default_timeout(PATIENCE)
        if fresh:
            own.append(context)
        else:
            shared_contexts[script, language] = context
        page = context.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.goto(url)
        return page

    yield open_page
    for page in pages:
        page.close()
    for context in own:
        context.close()
