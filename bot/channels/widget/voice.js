/** The sound of the conversation: reading aloud, and speaking instead of typing. The component fetches it when it is first asked for. */
const PATIENCE = 30; // seconds before a sound counts as lost
const LONGEST_TALK = 60; // seconds of speech in one message

/**
 * What reads and listens for one component. `server`: where the sounds are. `audio`: made in the press itself, when a phone allows it.
 * `frame`: what the component lends: `token()`, `language()`, `tell(key, className)`, `mark(button, icon, pressed)`, `label(key)`, `heard(answer)`.
 */
export class Voice {
  #reading = null; // what is read aloud now: its button, and how to stop it
  #recorder = null;

  constructor(server, audio, frame) {
    Object.assign(this, { server, audio, frame });
  }

  /** Reads aloud, or stops. Through Web Audio: no host page's media-src forbids it. */
  async read(aloud, button) {
    const stops = this.#reading?.button === button;
    this.hush();
    if (stops) return;
    const reading = (this.#reading = { button, stop() {} });
    this.frame.mark(button, "stop", true);
    try {
      if (navigator.audioSession) navigator.audioSession.type = "playback"; // an iPhone that is set to silent reads aloud too
      const source = Object.assign(this.audio.createBufferSource(), { buffer: await this.#soundOf(aloud) });
      if (this.#reading !== reading) return;
      source.onended = () => this.#reading === reading && this.hush();
      reading.stop = () => source.stop();
      source.connect(this.audio.destination);
      source.start();
    } catch {
      if (this.#reading !== reading) return;
      this.hush();
      this.frame.tell("no_sound", "problem");
    }
  }

  /** No sound any more, out or in; a recording that runs is thrown away. */
  hush() {
    const reading = this.#reading;
    const recorder = this.#recorder;
    this.#reading = this.#recorder = null;
    if (recorder?.state === "recording") recorder.stop();
    if (!reading) return;
    reading.stop();
    this.frame.mark(reading.button, "sound", false);
  }

  /** Records until it is pressed again; what was heard is asked back before it counts. */
  async talk() {
    if (this.#recorder) return this.#recorder.state === "recording" && this.#recorder.stop();
    this.hush();
    const held = (this.#recorder = {}); // a second press while the browser asks for leave changes nothing
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const recorder = new MediaRecorder(stream, { audioBitsPerSecond: 32000 });
      const over = setTimeout(() => recorder.stop(), LONGEST_TALK * 1000);
      recorder.ondataavailable = ({ data }) => {
        clearTimeout(over);
        for (const track of stream.getTracks()) track.stop();
        this.frame.label("talk");
        this.#recorder === recorder ? this.#said(data) : this.frame.tell(null);
      };
      if (this.#recorder !== held) return stream.getTracks().forEach((track) => track.stop());
      this.#recorder = recorder;
      recorder.start();
      this.frame.label("talk_done");
      this.frame.tell("listening", "waiting");
    } catch {
      this.#recorder = null;
      this.frame.tell("no_microphone", "problem");
    }
  }

  async #said(audio) {
    this.frame.tell("wait", "waiting");
    const body = new FormData();
    try {
      const session = await this.frame.token(); // of a new conversation, where the last one is over
      for (const [name, value] of Object.entries({ session, language: this.frame.language(), audio })) body.append(name, value);
      const answer = await (await this.#ask("luister", body)).json();
      this.frame.tell(null);
      await this.frame.heard(answer);
    } catch {
      this.frame.tell("no_microphone", "problem");
    }
    this.#recorder = null;
  }

  async #soundOf(aloud) {
    const sound = async (format) => this.audio.decodeAudioData(await (await this.#ask("stem", JSON.stringify({ ...aloud, format }))).arrayBuffer());
    return new Audio().canPlayType("audio/ogg; codecs=opus") ? sound("ogg").catch(() => sound("mp3")) : sound("mp3");
  }

  /** A body of text or of a form needs no preflight, which a slow phone would wait for. */
  async #ask(path, body) {
    const answer = await fetch(new URL(path, this.server), { method: "POST", body, credentials: "omit", signal: AbortSignal.timeout?.(PATIENCE * 1000) });
    if (!answer.ok) throw new Error(path);
    return answer;
  }
}
