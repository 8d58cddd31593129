/**
 * <drempel-hulp>: the conversation as one web component, without framework or bundler.
 *
 *   <script type="module" src="https://host/drempelhulp.js"></script><drempel-hulp></drempel-hulp>
 *
 * Attributes: `lang` (else ?lang=, else the browser's languages, else nl) and `launcher` (a floating button that opens a panel).
 * It talks to the server that this file came from. It sets no cookie, and keeps one thing: the session token, in sessionStorage.
 * Every word comes from the server and goes into the page as text, never as HTML.
 */
const SERVER = new URL(".", import.meta.url);
const NEUTRAL = "https://www.google.nl/";
const TOKEN = "drempelhulp:session";
const BACK_OFF = [1, 2, 4, 8, 15, 30]; // seconds; the last one repeats
const PATIENCE = 30; // seconds before an answer counts as lost
const LONGEST_TALK = 60; // seconds of speech in one message
const ICONS = {
  globe: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
  leave: "M14 4h5v16h-5M3 12h11M10 8l4 4-4 4",
  close: "M6 6l12 12M18 6L6 18",
  phone: "M5 4h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4a1 1 0 0 1-1 1A16 16 0 0 1 4 5a1 1 0 0 1 1-1",
  outside: "M9 5H5v14h14v-4M13 5h6v6M19 5l-9 9",
  chat: "M4 5h16v11H10l-5 4v-4H4z",
  sound: "M4 9v6h4l5 4V5L8 9zM16 9a4 4 0 0 1 0 6M18 6a8 8 0 0 1 0 12",
  stop: "M6 6h12v12H6z",
  talk: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3M5 11a7 7 0 0 0 14 0M12 18v3",
};

/** An element with properties, attributes (`aria-…`, `role`, `lang`, `class`) and children; text always stays text. */
function make(name, given = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value == null) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value); // as a property, a handler that returns false would stop the key
    else if (key in element && !["lang", "role"].includes(key)) element[key] = value;
    else element.setAttribute(key === "className" ? "class" : key, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.append(path);
  return svg;
}

/** Why something could not be said: `gone` (401), `refused` (other 4xx), `lost` (429, 5xx, no connection: worth a retry). */
class NotHeard extends Error {
  constructor(kind, after = 0, messages = []) {
    super(kind);
    this.kind = kind;
    this.after = after;
    this.messages = messages; // what is said all the same: a number to call
  }
}

/** The address of something that a message names; nothing but http(s) becomes a link. */
function address(text) {
  try {
    const url = new URL(text, SERVER);
    return /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** The telephone number at the start of a text, as a tel: link dials it. */
function dial(phone) {
  return "tel:" + (phone.match(/\+?[\d\s().-]+/)?.[0] ?? "").replace(/[^\d+]/g, "");
}

/** The words of one language, as locales/<lang>/website.yml has them. */
class Words {
  static #known = new Map();

  static async of(language) {
    if (!this.#known.has(language)) {
      const answer = await fetch(new URL(`widget/${language}.json`, SERVER), { credentials: "omit" });
      if (!answer.ok) throw new NotHeard("lost");
      this.#known.set(language, new Words(language, await answer.json()));
    }
    return this.#known.get(language);
  }

  constructor(language, texts) {
    this.language = language;
    this.texts = texts;
  }

  say(key, values = {}) {
    return Object.entries(values).reduce((text, [name, value]) => text.replace(`%{${name}}`, value), this.texts[key] ?? "");
  }

  /** "2026-10-01" in words; the browser knows no Papiamentu months, so they stand with the texts. */
  date(iso) {
    const [year, month, day] = iso.split("-").map(Number);
    return this.say("date", { day, month: this.texts.months.split(", ")[month - 1], year });
  }

  get languages() {
    return Object.keys(this.texts).filter((key) => key.startsWith("language_")).map((key) => key.slice("language_".length));
  }

  own(code) {
    if (this.texts[`language_${code}`]) return this.texts[`language_${code}`];
    try {
      return new Intl.DisplayNames([code], { type: "language" }).of(code);
    } catch {
      return code;
    }
  }
}

/** The server's end of the conversation, and the token that opens it. */
class Line {
  #memory = null;

  get token() {
    try {
      return sessionStorage.getItem(TOKEN) ?? this.#memory;
    } catch {
      return this.#memory; // a browser that forbids storage: the conversation lasts as long as the page
    }
  }

  set token(token) {
    this.#memory = token;
    try {
      token ? sessionStorage.setItem(TOKEN, token) : sessionStorage.removeItem(TOKEN);
    } catch { /* as above */ }
  }

  open(language) {
    return this.token ? this.#ask("session", { headers: { Authorization: `Bearer ${this.token}` } }) : this.#post("session", { language });
  }

  say(message, id) {
    return this.#post("message", { session: this.token, message, id });
  }

  /** The sound of a message. A text body needs no preflight, which a slow phone would wait for. */
  async sound(aloud, format) {
    return (await this.#fetch("stem", { method: "POST", body: JSON.stringify({ ...aloud, format }) })).arrayBuffer();
  }

  async hear(audio, language) {
    const body = new FormData();
    for (const [name, value] of Object.entries({ session: this.token ?? "", language, audio })) body.append(name, value);
    return (await this.#fetch("luister", { method: "POST", body })).json();
  }

  async #fetch(path, request) {
    const answer = await fetch(new URL(path, SERVER), { ...request, credentials: "omit", signal: AbortSignal.timeout?.(PATIENCE * 1000) });
    if (!answer.ok) throw new NotHeard("refused");
    return answer;
  }

  #post(path, body) {
    return this.#ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  }

  async #ask(path, request) {
    let answer;
    try {
      answer = await fetch(new URL(`webhooks/web/${path}`, SERVER), {
        ...request, headers: { Accept: "application/json", ...request.headers }, credentials: "omit", cache: "no-store",
        signal: AbortSignal.timeout?.(PATIENCE * 1000),
      });
      if (answer.ok) {
        const said = await answer.json();
        if (said.session) this.token = said.session;
        return said;
      }
    } catch {
      throw new NotHeard("lost");
    }
    if (answer.status === 401) throw new NotHeard("gone");
    if (answer.status >= 500 || [408, 425, 429].includes(answer.status)) {
      const said = await answer.json().catch(() => ({}));
      throw new NotHeard("lost", Number(answer.headers.get("Retry-After")) || 0, said?.messages ?? []);
    }
    throw new NotHeard("refused");
  }
}

/** One place to go, as a card: only what is known of it. */
function routeCard(route, words) {
  const fact = (key, ...value) => (value.some(Boolean) ? [make("dt", {}, words.say(key)), make("dd", {}, ...value)] : []);
  const text = (field) => route[field] && (route.untranslated?.includes(field) ? make("span", { lang: "nl" }, route[field]) : route[field]);
  const all = (...fields) => fields.map((field) => route[field]).filter(Boolean).join(", ");
  const url = route.url && address(route.url);
  const facts = [
    ...fact("where", all("location", "address")), ...fact("when", all("hours_text", "hours_week").replace(".,", ".")), ...fact("for_whom", route.for_whom),
    ...fact("price", text("cost") ?? (route.free == null ? null : words.say(route.free ? "free" : "not_free"))),
    ...fact("languages", route.languages_text ?? (route.languages ?? []).map((code) => words.own(code)).join(", ")),
    ...fact("bring", route.bring), ...fact("say", text("say") && make("q", {}, text("say"))), ...fact("not_for", text("not_for")),
    ...fact("website", url && outside(url, new URL(url).hostname, words)),
  ];
  const strong = route.kind === "crisis" ? " strong" : "";
  const why = route.why_text ? make("p", { className: "why" }, route.why_text) : null;
  const call = route.phone ? make("a", { className: `press${strong}`, href: dial(route.phone) }, icon("phone"), words.say("call", { phone: route.phone })) : null;
  return make("li", { className: `route ${strong && "crisis"}` },
    make("h3", {}, route.name),
    ...(strong ? [call, why] : [why, route.call_first ? make("p", { className: "why" }, route.call_first) : null, call]),
    facts.length ? make("dl", { className: "facts" }, ...facts) : null,
    route.checked ? make("p", { className: "checked" }, words.say("checked", { date: words.date(route.checked) })) : null);
}

/** A link that leaves the conversation open: a new tab, and it says so. */
function outside(href, text, words, className) {
  return make("a", { href, target: "_blank", rel: "noopener noreferrer", className }, text, icon("outside"), make("span", { className: "unseen" }, ` (${words.say("new_tab")})`));
}

/** What one of the two said; `choose` is called with the button that was pressed, `read` with the one that reads aloud. */
function messageBlock(message, words, choose, read) {
  const card = message.card && address(message.card);
  const buttons = message.buttons ?? [];
  return make("div", { className: "message", lang: message.language, dir: words.say("direction") },
    make("p", { className: "who" }, words.say("bot_name")),
    ...message.text.split(/\n{2,}/).filter(Boolean).map((part) => make("p", { className: "said" }, part)),
    message.aloud ? make("button", { type: "button", className: "aloud", "aria-pressed": "false", onclick: (event) => read(message.aloud, event.currentTarget) }, icon("sound"), words.say("read_aloud")) : null,
    message.routes?.length ? make("ul", { className: "routes", role: "list", "aria-label": words.say("routes") }, ...message.routes.map((route) => routeCard(route, words))) : null,
    card ? make("p", { className: "card" }, outside(card, words.say("card"), words, "press")) : null,
    buttons.length ? make("ul", { className: "choices", role: "list", "aria-label": words.say("choices") },
      ...buttons.map((button) => make("li", {}, make("button", { type: "button", onclick: () => choose(button) }, button.title)))) : null);
}

class DrempelHulp extends HTMLElement {
  #line = new Line();
  #words;
  #part = {};
  #labels = [];
  #queue = [];
  #busy = false;
  #wake = () => {};
  #opened = false;
  #alive = new AbortController();
  #audio;
  #reading = null; // what is read aloud now: its button, and how to stop it
  #recorder = null;
  #hears = []; // languages in which the server can listen

  async connectedCallback() {
    if (this.shadowRoot) return;
    this.#alive.signal.addEventListener("abort", () => this.#wake());
    addEventListener("online", () => this.#wake(), { signal: this.#alive.signal });
    for (let attempt = 0, ready; this.isConnected && !this.shadowRoot; attempt += 1) {
      try {
        ready = await Promise.all([styles(), this.#firstWords()]);
      } catch {
        await this.#pause(attempt); // what stands inside the element stays in sight until then
        continue;
      }
      if (!this.shadowRoot) this.#start(...ready);
    }
  }

  disconnectedCallback() {
    queueMicrotask(() => this.isConnected || (this.#hush(), this.#alive.abort()));
  }

  /** Words in the first wanted language that the server has. */
  async #firstWords() {
    const fallback = await Words.of("nl");
    const wanted = [this.getAttribute("lang"), new URLSearchParams(location.search).get("lang"), ...navigator.languages];
    const code = wanted.filter(Boolean).map((tag) => tag.toLowerCase().split("-")[0]).find((tag) => fallback.languages.includes(tag));
    return code ? Words.of(code) : fallback;
  }

  #start(sheets, words) {
    const shadow = this.attachShadow({ mode: "open" });
    if (sheets.every((sheet) => sheet instanceof CSSStyleSheet)) shadow.adoptedStyleSheets = sheets;
    else shadow.append(...sheets);
    shadow.append(this.#build(words));
    this.#speak(words);
    this.#takeOver();
    if (!this.hasAttribute("launcher")) this.#begin();
  }

  /** A page without script had a form here: its conversation, its half-typed text and its focus go on in the component. */
  #takeOver() {
    const session = this.querySelector("input[name=session]")?.value;
    const field = this.querySelector("textarea");
    if (session) this.#line.token = session;
    this.#part.field.value = field?.value ?? "";
    const typing = field && field === document.activeElement;
    this.replaceChildren();
    if (typing) this.#part.field.focus({ preventScroll: true });
  }

  #build(words) {
    const part = this.#part;
    const launcher = this.hasAttribute("launcher");
    part.log = make("div", { className: "log", role: "log", "aria-live": "polite", tabIndex: 0 });
    part.status = make("p", { role: "status" });
    part.retry = make("button", { type: "button", hidden: true, onclick: () => this.#wake() });
    part.state = make("div", { className: "state" }, part.status, part.retry);
    part.panel = make("div", { className: "panel", id: "panel", hidden: launcher, onkeydown: (event) => launcher && event.key === "Escape" && this.#close() },
      this.#buildBar(words, launcher), part.log, part.state, this.#buildComposer());
    if (launcher) {
      part.open = make("button", { type: "button", className: "open strong", "aria-expanded": "false", "aria-controls": "panel", onclick: () => this.#open() }, icon("chat"), this.#label("open"));
      this.addEventListener("focusout", (event) => this.#uncover(event.relatedTarget));
    }
    part.root = make("section", { className: "dh" }, part.open, part.panel);
    this.#labels.push([part.root, "title", "aria-label"], [part.log, "conversation", "aria-label"], [part.retry, "retry"]);
    return part.root;
  }

  #buildBar(words, launcher) {
    const part = this.#part;
    part.languages = make("ul", { className: "languages folded", id: "languages", role: "list" },
      ...words.languages.map((code) => make("li", {}, make("button", { type: "button", lang: code, onclick: () => this.#switch(code) }, words.own(code)))));
    part.more = make("button", { type: "button", className: "more", "aria-expanded": "false", "aria-controls": "languages", onclick: () => this.#fold() },
      icon("globe"), this.#label("language", "span", "unseen"), (part.current = make("span")));
    const leave = make("button", { type: "button", className: "leave", onclick: () => this.#leave() }, icon("leave"), this.#label("leave"));
    const close = launcher ? make("button", { type: "button", onclick: () => this.#close() }, icon("close"), this.#label("close", "span", "unseen")) : null;
    this.#labels.push([part.languages, "language", "aria-label"]);
    return make("div", { className: "bar" }, this.#label("title", "h2", "unseen"), part.languages, part.more, make("div", { className: "exits" }, leave, close));
  }

  #buildComposer() {
    const send = (event) => (event.preventDefault(), this.#sendTyped());
    const enter = (event) => event.key === "Enter" && !event.shiftKey && !event.isComposing && send(event);
    const label = this.#label("label", "label");
    label.htmlFor = "field";
    this.#part.field = make("textarea", { id: "field", rows: 1, maxLength: 1000, autocomplete: "off", enterKeyHint: "send", onkeydown: enter });
    this.#part.talk = make("button", { type: "button", hidden: true, onclick: () => this.#talk() }, icon("talk"), this.#label("talk"));
    return make("form", { className: "composer", onsubmit: send }, label,
      make("div", { className: "row" }, this.#part.field, this.#part.talk, this.#label("send", "button", "strong")));
  }

  #label(key, name = "span", className = null) {
    const element = make(name, { className });
    this.#labels.push([element, key]);
    return element;
  }

  /** Puts the frame into a language; what was already said stays as it was said. A page may lend its own words to it. */
  #speak(words) {
    this.#words = words;
    for (const [element, key, attribute] of this.#labels) attribute ? element.setAttribute(attribute, words.say(key)) : (element.textContent = words.say(key));
    this.#part.root.lang = words.language;
    this.#part.root.dir = words.say("direction");
    this.#part.current.textContent = words.own(words.language);
    this.#showTalk();
    for (const button of this.#part.languages.querySelectorAll("button")) {
      button.lang === words.language ? button.setAttribute("aria-current", "true") : button.removeAttribute("aria-current");
    }
    if (!document.documentElement.hasAttribute("data-drempelhulp")) return;
    document.documentElement.lang = words.language;
    for (const element of document.querySelectorAll("[data-drempelhulp-text]")) element.textContent = words.say(element.dataset.drempelhulpText);
  }

  #begin() {
    if (this.#opened) return;
    this.#opened = true;
    this.#enqueue({ ask: () => this.#line.open(this.#words.language) });
  }

  /** What was typed goes out as a message; the field keeps the focus. */
  #sendTyped() {
    const text = this.#part.field.value.trim();
    if (!text) return this.#part.field.focus();
    this.#part.field.value = "";
    this.#say(text, text, { typed: true });
  }

  /** A message of the resident: shown at once, sent in its turn, under one id however often it is tried. */
  #say(shown, message, { typed = false, language = null } = {}) {
    this.#hush();
    const block = make("div", { className: "message own", tabIndex: -1, lang: language },
      make("p", { className: "who", lang: this.#words.language }, this.#words.say("you")), make("p", { className: "said" }, shown));
    const choices = [...this.#part.log.querySelectorAll(".choices:not([hidden])")];
    for (const list of choices) list.hidden = true;
    this.#part.log.append(block);
    this.#bring(block);
    const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    this.#enqueue({ ask: () => this.#line.say(message, id), block, choices, typed: typed ? shown : null });
    return block;
  }

  #enqueue(item) {
    this.#queue.push(item);
    if (!this.#busy) this.#work();
  }

  /** One after the other, in order. What is lost is tried again, the same, until it is heard. */
  async #work() {
    this.#busy = true;
    for (let attempt = 0; this.#queue.length && this.isConnected; ) {
      const item = this.#queue[0];
      const slow = setTimeout(() => attempt || this.#tell("wait", "waiting"), 500);
      const answer = await item.ask().catch((error) => error);
      clearTimeout(slow);
      const opening = !item.block && !(answer.kind === "gone" && this.#line.token); // a conversation must open: any trouble but an old token is waited out
      if (answer instanceof Error && (answer.kind === "lost" || opening)) {
        if (answer.messages?.length && !item.told) await this.#show((item.told = answer.messages), (button, message) => this.#choose(button, message.language));
        await this.#hold(item, attempt++, answer.after);
        continue;
      }
      attempt = 0;
      if (answer.kind === "gone") this.#restart();
      else if (answer.kind === "refused") this.#giveBack(item);
      else await this.#hear(this.#queue.shift() && answer, item);
    }
    this.#busy = false;
  }

  async #hear(answer, item) {
    const messages = answer.messages ?? [];
    this.#hears = answer.hears ?? this.#hears;
    this.#showTalk();
    const language = messages.at(-1)?.language ?? answer.language;
    if (language && language !== this.#words.language) this.#speak(await Words.of(language).catch(() => this.#words));
    item.block?.classList.remove("unsent");
    item.block?.querySelector(".tag")?.remove();
    this.#tell(null);
    const blocks = await this.#show(messages, (button, message) => this.#choose(button, message.language));
    const crisis = blocks.find((block) => block.querySelector(".crisis")); // the number to call is in sight, whatever the screen
    if (item.block) this.#bring(crisis ?? item.block);
  }

  async #show(messages, choose) {
    const blocks = [];
    for (const message of messages) {
      const words = await Words.of(message.language).catch(() => this.#words);
      blocks.push(messageBlock(message, words, (button) => choose(button, message), (...what) => this.#readAloud(...what)));
    }
    this.#part.log.append(...blocks);
    return blocks;
  }

  /** Reads aloud, or stops. Through Web Audio: no host page's media-src forbids it. */
  async #readAloud(aloud, button) {
    const stops = this.#reading?.button === button;
    this.#hush();
    if (stops) return;
    const reading = (this.#reading = { button, stop() {} });
    this.#mute(button, false);
    try {
      if (navigator.audioSession) navigator.audioSession.type = "playback"; // an iPhone that is set to silent reads aloud too
      const audio = (this.#audio ??= new AudioContext());
      audio.resume();
      const source = Object.assign(audio.createBufferSource(), { buffer: await this.#soundOf(aloud, audio) });
      if (this.#reading !== reading) return;
      source.onended = () => this.#reading === reading && this.#hush();
      reading.stop = () => source.stop();
      source.connect(audio.destination);
      source.start();
    } catch {
      if (this.#reading !== reading) return;
      this.#hush();
      this.#tell("no_sound", "problem");
    }
  }

  async #soundOf(aloud, audio) {
    const opus = new Audio().canPlayType("audio/ogg; codecs=opus");
    const mp3 = async () => audio.decodeAudioData(await this.#line.sound(aloud, "mp3"));
    return opus ? audio.decodeAudioData(await this.#line.sound(aloud, "ogg")).catch(mp3) : mp3();
  }

  /** No sound any more, out or in; a recording that runs is thrown away. */
  #hush() {
    const reading = this.#reading;
    const recorder = this.#recorder;
    this.#reading = this.#recorder = null;
    if (recorder?.state === "recording") recorder.stop();
    if (!reading) return;
    reading.stop();
    this.#mute(reading.button, true);
  }

  #mute(button, silent) {
    button.setAttribute("aria-pressed", String(!silent));
    button.firstChild.replaceWith(icon(silent ? "sound" : "stop"));
  }

  #showTalk() {
    this.#part.talk.hidden = !this.#hears.includes(this.#words.language) || !globalThis.MediaRecorder || !navigator.mediaDevices;
  }

  /** Records until it is pressed again; what was heard is asked back before it counts. */
  async #talk() {
    if (this.#recorder) return this.#recorder.state === "recording" && this.#recorder.stop();
    this.#hush();
    const held = (this.#recorder = {}); // a second press while the browser asks for leave changes nothing
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const recorder = new MediaRecorder(stream, { audioBitsPerSecond: 32000 });
      const over = setTimeout(() => recorder.stop(), LONGEST_TALK * 1000);
      recorder.ondataavailable = ({ data }) => {
        clearTimeout(over);
        for (const track of stream.getTracks()) track.stop();
        this.#record("talk");
        this.#recorder === recorder ? this.#saidAloud(data) : this.#tell(null);
      };
      if (this.#recorder !== held) return stream.getTracks().forEach((track) => track.stop());
      this.#recorder = recorder;
      recorder.start();
      this.#record("talk_done");
      this.#tell("listening", "waiting");
    } catch {
      this.#recorder = null;
      this.#tell("no_microphone", "problem");
    }
  }

  async #saidAloud(audio) {
    this.#tell("wait", "waiting");
    try {
      const { heard, messages } = await this.#line.hear(audio, this.#words.language);
      this.#tell(null);
      const [block] = await this.#show(messages, (button, message) => {
        if (heard == null) return this.#choose(button, message.language);
        block.remove();
        this.#hush();
        button.payload ? this.#say(heard, heard, { typed: true, language: message.language }).focus({ preventScroll: true }) : this.#part.talk.focus();
      });
      this.#bring(block);
    } catch {
      this.#tell("no_microphone", "problem");
    }
    this.#recorder = null;
  }

  #record(key) {
    this.#part.talk.lastChild.textContent = this.#words.say(key);
  }

  #choose(button, language) {
    this.#say(button.title, button.payload, { language }).focus({ preventScroll: true }); // the pressed button goes; the next Tab is the answer
  }

  /** Not heard: says so, and waits for its time, the network, or the resident. */
  async #hold(item, attempt, after) {
    this.#mark(item);
    this.#tell(item.block ? (navigator.onLine ? "busy" : "offline") : "no_start", "problem", true);
    await this.#pause(attempt, after);
  }

  #mark({ block }) {
    if (!block || block.querySelector(".tag")) return;
    block.classList.add("unsent");
    block.append(make("p", { className: "tag", lang: this.#words.language }, this.#words.say("unsent")));
  }

  #pause(attempt, after = 0) {
    const seconds = Math.max(Math.min(after, 120), BACK_OFF[Math.min(attempt, BACK_OFF.length - 1)]) * (1 + Math.random() / 4);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      this.#wake = () => (clearTimeout(timer), resolve());
    });
  }

  /** The session is over: nothing is sent a second time; what was typed goes back into the field, for the resident to decide. */
  #restart() {
    const typed = this.#queue.map((item) => item.typed).filter(Boolean);
    for (const item of this.#queue) this.#unsent(item);
    for (const list of this.#part.log.querySelectorAll(".choices")) list.remove();
    this.#queue = [{ ask: () => this.#line.open(this.#words.language) }];
    this.#line.token = null;
    this.#restore(typed);
    this.#note(this.#words.say("session_gone"), typed.length ? this.#words.say("kept") : "");
  }

  /** A message that the server will never take: back into the field, with the choices that were open. */
  #giveBack(item) {
    this.#queue.shift();
    this.#unsent(item);
    for (const list of item.choices ?? []) list.hidden = false;
    this.#restore([item.typed].filter(Boolean));
    this.#tell("refused", "problem");
  }

  /** What was typed goes from the conversation back to the field; a pressed choice stays, marked, for it holds the focus. */
  #unsent(item) {
    if (item.typed) item.block.remove();
    else this.#mark(item);
  }

  #restore(typed) {
    const field = this.#part.field;
    field.value = [...typed, field.value].filter(Boolean).join("\n");
  }

  #note(...parts) {
    const note = make("div", { className: "message note", lang: this.#words.language }, make("p", {}, parts.filter(Boolean).join(" ")));
    this.#part.log.append(note);
    this.#tell(null);
  }

  /** One line of state beside the conversation; an unchanged line is not said again. */
  #tell(key, className = "", retry = false) {
    const text = key ? this.#words.say(key) : "";
    this.#part.state.className = `state ${className}`;
    this.#part.retry.hidden = !retry;
    if (this.#part.status.textContent === text) return;
    this.#part.status.textContent = text;
    if (text && this.#queue[0]?.block) this.#bring(this.#queue.at(-1).block); // the line takes room from the conversation
  }

  /** Scrolls the conversation, never the focus: the resident's own words on top, the answer below them. */
  #bring(block) {
    const log = this.#part.log;
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    if (log.scrollHeight > log.clientHeight + 1) log.scrollTo({ top: block.offsetTop - 12, behavior });
    else block.scrollIntoView({ block: "nearest", behavior });
  }

  /** The language's own name goes to the dialogue as a message: it hears the wish as it hears any other. */
  async #switch(code) {
    this.#fold(true);
    const words = await Words.of(code).catch(() => this.#words);
    this.#speak(words);
    this.#say(words.own(code), words.own(code), { language: code });
  }

  #fold(folded = !this.#part.languages.classList.contains("folded")) {
    const inside = this.#part.languages.contains(this.shadowRoot.activeElement);
    this.#part.languages.classList.toggle("folded", folded);
    this.#part.more.setAttribute("aria-expanded", String(!folded));
    if (inside && this.#part.more.offsetParent) this.#part.more.focus({ preventScroll: true });
  }

  #open() {
    this.#part.panel.hidden = false;
    this.#part.open.setAttribute("aria-expanded", "true");
    this.#part.open.hidden = true;
    this.#part.field.focus({ preventScroll: true });
    this.#begin();
  }

  #close(focus = true) {
    this.#hush();
    this.#part.panel.hidden = true;
    this.#part.open.hidden = false;
    this.#part.open.setAttribute("aria-expanded", "false");
    if (focus) this.#part.open.focus({ preventScroll: true });
  }

  /** On a small screen the panel covers the page: it goes when the focus goes to the page, so that nothing focused is hidden. */
  #uncover(target) {
    const covers = this.#part.panel.clientWidth >= innerWidth;
    if (target && target !== this && !this.#part.panel.hidden && covers) this.#close(false);
  }

  /** Gone at once: nothing kept, nothing in sight, and no way back to this page by the back button. */
  #leave() {
    this.#hush();
    this.#line.token = null;
    try {
      sessionStorage.clear();
    } catch { /* no storage, nothing to clear */ }
    document.documentElement.style.display = "none";
    location.replace(NEUTRAL);
  }
}

/** The two style sheets, once for all instances; a browser that cannot construct sheets gets links. */
let sheets;
function styles() {
  const files = ["tokens.css", "drempelhulp.css"].map((name) => new URL(name, SERVER).href);
  if (!("adoptedStyleSheets" in Document.prototype)) return files.map((href) => make("link", { rel: "stylesheet", href }));
  const load = async (href) => {
    const answer = await fetch(href, { credentials: "omit" });
    if (!answer.ok) throw new NotHeard("lost");
    return new CSSStyleSheet().replace(await answer.text());
  };
  sheets ??= Promise.all(files.map(load)).catch((error) => ((sheets = undefined), Promise.reject(error)));
  return sheets;
}

customElements.get("drempel-hulp") ?? customElements.define("drempel-hulp", DrempelHulp);
