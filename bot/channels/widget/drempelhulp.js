/**
 * <drempel-hulp>: the conversation as one web component, without framework or bundler.
 *
 *   <script type="module" src="https://host/drempelhulp.js"></script><drempel-hulp></drempel-hulp>
 *
 * Attributes: `lang` (else ?lang=, else the browser's languages, else nl) and `launcher` (a floating button that opens a panel).
 * It talks to the server that this file came from. It sets no cookie, and keeps one thing: the session token, in sessionStorage;
 * in localStorage only while the resident wants to go on later.
 * Every word comes from the server and goes into the page as text, never as HTML.
 */
const SERVER = new URL(".", import.meta.url);
const NEUTRAL = "https://www.google.nl/";
const MAP = "https://www.google.com/maps/dir/?api=1&destination="; // asked only when it is pressed
const TOKEN = "drempelhulp:session";
const BACK_OFF = [1, 2, 4, 8, 15, 30]; // seconds; the last one repeats
const PATIENCE = 30; // seconds before an answer counts as lost
const LEFT = new AbortController(); // quick exit was pressed: from then on this page asks, hears and keeps nothing
const ICONS = {
  globe: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
  leave: "M14 4h5v16h-5M3 12h11M10 8l4 4-4 4",
  close: "M6 6l12 12M18 6L6 18",
  phone: "M5 4h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4a1 1 0 0 1-1 1A16 16 0 0 1 4 5a1 1 0 0 1 1-1",
  outside: "M9 5H5v14h14v-4M13 5h6v6M19 5l-9 9",
  chat: "M4 5h16v11H10l-5 4v-4H4z",
  sound: "M4 9v6h4l5 4V5L8 9zM16 9a4 4 0 0 1 0 6M18 6a8 8 0 0 1 0 12",
  stop: "M6 6h12v12H6z",
  way: "M12 21c-5-6-7-9-7-12a7 7 0 0 1 14 0c0 3-2 6-7 12M12 7v4h3",
  share: "M12 15V3M8 7l4-4 4 4M6 11H5v10h14V11h-1",
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
  element.append(...children.filter(Boolean));
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

/** A text in which no number that one can call is broken over two lines. */
function unbroken(text) {
  return text.split(/(\d[\d -]{4,}\d)/).map((part, index) => (index % 2 ? make("span", { className: "number" }, part) : part));
}

/** The telephone number at the start of a text, as a tel: link dials it. */
function dial(phone) {
  return "tel:" + (phone.match(/\+?[\d\s().-]+/)?.[0] ?? "").replace(/[^\d+]/g, "");
}

/** The words of one language, as locales/<lang>/website.yml has them. */
class Words {
  static #known = new Map();

  /** In the first of these languages that the server has, in one journey: a slow line waits once. */
  static async of(...wanted) {
    const [first, ...others] = wanted;
    if (!this.#known.has(first)) {
      const answer = await fetch(new URL(`widget/${first}.json${others.length ? `?or=${others}` : ""}`, SERVER));
      if (!answer.ok) throw new NotHeard("lost");
      const texts = await answer.json();
      this.#known.set(texts.lang, new Words(texts.lang, texts));
      if (texts.lang !== first) return this.#known.get(texts.lang);
    }
    return this.#known.get(first);
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

/** What a browser keeps for a tab and on the device; one that forbids it: the conversation lasts as long as the page. */
function stored(act) {
  try {
    return act(sessionStorage, localStorage);
  } catch {
    return null;
  }
}

/** The server's end of the conversation, and the token that opens it. */
class Line {
  #memory = null;

  get token() {
    return stored((tab, device) => tab.getItem(TOKEN) ?? device.getItem(TOKEN)) ?? this.#memory;
  }

  set token(token) {
    if (LEFT.signal.aborted) return;
    this.#memory = token;
    stored((tab, device) => {
      for (const place of device.getItem(TOKEN) ? [tab, device] : [tab]) token ? place.setItem(TOKEN, token) : place.removeItem(TOKEN);
    });
  }

  /** Whether the conversation stays on this device when the tab is closed: only while the resident wants it. */
  get later() {
    return !!stored((tab, device) => device.getItem(TOKEN));
  }

  set later(wanted) {
    const token = this.token;
    this.token = token; // a tab that went on from the device has it itself from now on
    stored((tab, device) => (wanted ? device.setItem(TOKEN, token) : device.removeItem(TOKEN)));
  }

  open(language) {
    return this.token ? this.#ask("session", { headers: { Authorization: `Bearer ${this.token}` } }) : this.#post("session", { language });
  }

  /** The token; after "wissen" that of a new conversation, with what is said now. */
  async held(language) {
    if (!this.token) await this.#post("session", { language });
    return this.token;
  }

  async say(message, id, language) {
    return this.#post("message", { session: await this.held(language), message, id });
  }

  #post(path, body) {
    return this.#ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  }

  async #ask(path, request) {
    const asking = new AbortController();
    setTimeout(() => asking.abort(), PATIENCE * 1000);
    LEFT.signal.addEventListener("abort", () => asking.abort(), { signal: asking.signal });
    const answer = LEFT.signal.aborted ? null : await fetch(new URL(`webhooks/web/${path}`, SERVER), {
      ...request, headers: { Accept: "application/json", ...request.headers }, credentials: "omit", cache: "no-store", signal: asking.signal,
    }).catch(() => null);
    const said = await answer?.json().catch(() => null);
    if (LEFT.signal.aborted) return new Promise(() => {}); // an answer that was on its way is never heard
    if (answer?.ok && said) {
      if (said.session !== undefined) this.token = said.session; // renewed, or null: it is over, and nothing of it stays
      return said;
    }
    const refused = answer?.status >= 400 && answer.status < 500 && ![408, 425, 429].includes(answer.status);
    const kind = answer?.status === 401 ? "gone" : refused ? "refused" : "lost";
    throw new NotHeard(kind, Number(answer?.headers.get("Retry-After")) || 0, said?.messages);
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
  const call = route.phone && make("a", { className: `press${strong}`, href: dial(route.phone) }, icon("phone"), make("span", {}, ...unbroken(words.say("call", { phone: route.phone }))));
  const way = !strong && route.address && outside(MAP + encodeURIComponent(route.address), words.say("directions"), words, "press", "way");
  const ways = (call || way) && make("p", { className: "ways" }, call, way);
  return make("li", { className: `route ${strong && "crisis"}` },
    make("h3", {}, make("bdi", {}, route.name)),
    ...(strong ? [ways, why] : [why, route.call_first ? make("p", { className: "why" }, route.call_first) : null, ways]),
    facts.length ? make("dl", { className: "facts" }, ...facts) : null,
    route.checked ? make("p", { className: "checked" }, words.say("checked", { date: words.date(route.checked) })) : null);
}

/** A link that leaves the conversation open: a new tab, and it says so. */
function outside(href, text, words, className, sign = "outside") {
  return make("a", { href, target: "_blank", rel: "noopener noreferrer", className }, text, icon(sign), make("span", { className: "unseen" }, ` (${words.say("new_tab")})`));
}

/** What the bot said; `choose` is called with the button that was pressed, `read` with the one that reads aloud, `share` with a card's address. */
function messageBlock(message, words, choose, read, share) {
  const card = message.card && address(message.card);
  const buttons = message.buttons ?? [];
  return make("div", { className: "message", lang: message.language, dir: words.say("direction") },
    make("p", { className: "who" }, words.say("bot_name")),
    ...message.text.split(/\n{2,}/).filter(Boolean).map((part) => make("p", { className: "said" }, ...unbroken(part))),
    message.aloud && make("button", { type: "button", className: "aloud quiet", "aria-pressed": "false", onclick: (event) => read(message.aloud, event.currentTarget) }, icon("sound"), words.say("read_aloud")),
    message.routes?.length ? make("ul", { className: "routes", role: "list", "aria-label": words.say("routes") }, ...message.routes.map((route) => routeCard(route, words))) : null,
    card && make("p", { className: "card ways" }, outside(card, words.say("card"), words, "press"),
      make("button", { type: "button", onclick: () => share(card) }, icon("share"), words.say("share")),
      message.routes?.some((route) => route.walk_in) && make("a", { href: `${card}.ics`, className: "press" }, words.say("calendar"))),
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
  #voice; // reads aloud and listens
  #turn = null; // the last press that asked for sound
  #hears = []; // languages in which the server can listen

  async connectedCallback() {
    if (this.shadowRoot) return;
    this.#alive.signal.addEventListener("abort", () => this.#wake());
    addEventListener("online", () => this.#wake(), { signal: this.#alive.signal });
    addEventListener("pageshow", (event) => event.persisted && this.#comeBack(), { signal: this.#alive.signal });
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

  /** Words in the first wanted language that the server has; a page of ours was written in it already. */
  #firstWords() {
    const page = document.documentElement;
    const own = page.hasAttribute("data-drempelhulp") ? page.lang : null;
    const wanted = [this.getAttribute("lang"), own, new URLSearchParams(location.search).get("lang"), ...navigator.languages, "nl"];
    return Words.of(...new Set(wanted.map((tag) => tag?.toLowerCase().split("-")[0]).filter((code) => /^[a-z]{2,3}$/.test(code))));
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
    this.#part.talk = make("button", { type: "button", hidden: true, onclick: () => this.#sound("talk", "no_microphone") }, icon("talk"), this.#label("talk"));
    this.#part.later = make("button", { type: "button", className: "later quiet", onclick: () => this.#later() }, this.#label("later"));
    return make("form", { className: "composer", onsubmit: send }, label,
      make("div", { className: "row" }, this.#part.field, this.#part.talk, this.#label("send", "button", "strong")));
  }

  /** Going on later, on this device: kept when it is pressed, and no longer when it is pressed again. */
  #later() {
    this.#line.later = !this.#line.later;
    this.#showLater();
    this.#tell(this.#line.later ? "later_on" : "later_off");
  }

  /** Offered with the last answer of a conversation that has begun, and is not over. */
  #showLater(block) {
    const { later, log } = this.#part;
    later.setAttribute("aria-pressed", this.#line.later);
    if (this.#line.token && (this.#line.later || log.querySelector(".own"))) block?.append(later);
    else later.remove();
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
    Object.assign(document.documentElement, { lang: words.language, dir: words.say("direction") });
    for (const element of document.querySelectorAll("[data-drempelhulp-text]")) element.textContent = words.say(element.dataset.drempelhulpText);
  }

  #begin() {
    if (this.#opened) return;
    this.#opened = true;
    this.#enqueue(this.#opening());
  }

  #opening(anew) {
    return { anew, ask: () => this.#line.open(anew ?? this.#words.language) };
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
    this.#enqueue({ ask: () => this.#line.say(message, id, this.#words.language), block, choices, typed: typed ? shown : null });
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
        await this.#hold(item, attempt++, answer);
        continue;
      }
      attempt = 0;
      if (answer.kind === "gone") await this.#restart(item, answer);
      else if (answer.kind === "refused") await this.#giveBack(item, answer);
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
    if (!item.block && !item.anew && answer.session === null) return this.#queue.unshift(this.#opening(language ?? this.#words.language)); // over since: a new one, in its language
    const blocks = await this.#show(messages, (button, message) => this.#choose(button, message.language), (last) => this.#showLater(last));
    const crisis = blocks.find((block) => block.querySelector(".crisis")); // the number to call is in sight, whatever the screen
    if (item.block) this.#bring(crisis ?? item.block);
  }

  async #show(messages, choose, finish) {
    const blocks = [];
    for (const message of messages) {
      const words = await Words.of(message.language).catch(() => this.#words);
      blocks.push(messageBlock(message, words, (button) => choose(button, message), (...what) => this.#sound("read", "no_sound", ...what), (url) => this.#share(url)));
    }
    finish?.(blocks.at(-1));
    this.#part.log.append(...blocks);
    return blocks;
  }

  /** The phone's own share sheet; without one the address is copied, and that is said. */
  async #share(url) {
    try {
      await navigator.share({ title: this.#words.say("title"), url });
    } catch (error) {
      if (error.name === "AbortError") return; // who closes the sheet has decided
      try {
        await navigator.clipboard.writeText(url);
        this.#tell("copied");
      } catch {
        this.#tell("not_shared", "problem");
      }
    }
  }

  /** Reading aloud and listening are fetched when they are first asked for. What is asked is `read` or `talk`. */
  async #sound(asked, problem, ...given) {
    const turn = (this.#turn = {});
    this.#audio ??= new AudioContext(); // in the press itself, for that is when a phone allows it
    this.#audio.resume();
    try {
      const { Voice } = await import("./voice.js");
      this.#voice ??= new Voice(SERVER, this.#audio, this.#lent());
    } catch {
      return this.#tell(problem, "problem");
    }
    if (this.#turn === turn) this.#voice[asked](...given); // else the resident has gone on meanwhile
  }

  #lent() {
    return {
      token: () => this.#line.held(this.#words.language),
      language: () => this.#words.language,
      tell: (...what) => this.#tell(...what),
      label: (key) => (this.#part.talk.lastChild.textContent = this.#words.say(key)),
      mark: (button, name, pressed) => (button.setAttribute("aria-pressed", pressed), button.firstChild.replaceWith(icon(name))),
      heard: (answer) => this.#heard(answer),
    };
  }

  #hush() {
    this.#turn = null;
    this.#voice?.hush();
  }

  #showTalk() {
    this.#part.talk.hidden = !this.#hears.includes(this.#words.language) || !globalThis.MediaRecorder || !navigator.mediaDevices;
  }

  /** What was heard is asked back before it counts; a choice that is offered instead is an answer. */
  async #heard({ heard, messages }) {
    const [block] = await this.#show(messages, (button, message) => {
      if (heard == null) return this.#choose(button, message.language);
      block.remove();
      this.#hush();
      button.payload ? this.#say(heard, heard, { typed: true, language: message.language }).focus({ preventScroll: true }) : this.#part.talk.focus();
    });
    this.#bring(block);
  }

  #choose(button, language) {
    this.#say(button.title, button.payload, { language }).focus({ preventScroll: true }); // the pressed button goes; the next Tab is the answer
  }

  /** Not heard: says so, and waits for its time, the network, or the resident. */
  async #hold(item, attempt, error) {
    this.#mark(item);
    this.#tell(item.block ? (navigator.onLine ? "busy" : "offline") : "no_start", "problem", true);
    await this.#warn(item, error);
    await this.#pause(attempt, error.after);
  }

  /** What is said to a message that was not heard is in sight at once, and said once: a number to call. */
  async #warn(item, { messages }) {
    if (!messages?.length || item.told) return;
    item.told = true;
    this.#bring((await this.#show(messages, (button, message) => this.#choose(button, message.language)))[0]);
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
  async #restart(first, error) {
    const typed = [];
    for (const list of this.#part.log.querySelectorAll(".choices")) list.remove();
    for (const item of this.#queue) {
      const why = item === first ? error : await item.ask().catch((same) => same); // what waited behind it may need a number as well
      if (item.typed) typed.push(item.typed);
      this.#unsent(item);
      await this.#warn(item, why);
    }
    this.#queue = [this.#opening()];
    this.#line.token = null;
    this.#showLater();
    this.#restore(typed);
    this.#note(this.#words.say("session_gone"), typed.length ? this.#words.say("kept") : "");
  }

  /** A message that the server will never take: back into the field, with the choices that were open. */
  async #giveBack(item, error) {
    this.#queue.shift();
    this.#unsent(item);
    for (const list of item.choices ?? []) list.hidden = false;
    this.#restore([item.typed].filter(Boolean));
    this.#tell("refused", "problem");
    await this.#warn(item, error);
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

  /** A browser that goes back shows the page as it was: not the conversation, if it was left or erased meanwhile. */
  #comeBack() {
    if (!this.#opened || !stored((tab, device) => !tab.getItem(TOKEN) && !device.getItem(TOKEN))) return;
    this.shadowRoot.replaceChildren();
    location.reload();
  }

  /** Gone at once: nothing kept, nothing in sight, and no way back to this page by the back button. */
  #leave() {
    this.#hush();
    this.#line.token = null;
    LEFT.abort();
    this.#queue = [];
    stored((tab) => tab.clear());
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
