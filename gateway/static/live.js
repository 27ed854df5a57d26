/** The stream of events, and the knowledge whether it is alive. */

const SILENT_MS = 3000;
const AGAIN_MS = 2000;

/** Follow a ward; `hear(frame)` on each frame, `told(isLive, lastMs, why)` on a change. */
export class Live {
  constructor(hear, told) {
    this.hear = hear;
    this.told = told;
    this.isLive = null;
    this.lastMs = Date.now();
    this.why = "";
  }

  follow(ward) {
    this.ward = ward;
    this.source?.close();
    this.source = new EventSource(this.address);
    this.source.onmessage = (event) => this.take(JSON.parse(event.data));
    this.source.onerror = () => this.recover();
  }

  get address() {
    return `/events?ward=${encodeURIComponent(this.ward)}`;
  }

  take(frame) {
    this.lastMs = Date.now();
    this.why = "";
    this.tell(true);
    this.hear(frame);
  }

  /** Called every half second, also of a hidden page. */
  watch() {
    if (Date.now() - this.lastMs > SILENT_MS) this.tell(false);
  }

  tell(isLive, again = false) {
    if (isLive === this.isLive && !again) return;
    this.isLive = isLive;
    this.told(isLive, this.lastMs, this.why);
  }

  /** The browser tries again by itself, but not after an answer that is no stream. */
  async recover() {
    if (this.source.readyState !== EventSource.CLOSED || this.waiting) return;
    this.waiting = true;
    await new Promise((done) => setTimeout(done, AGAIN_MS));
    this.waiting = false;
    const asking = new AbortController();
    const answer = await fetch(this.address, { signal: asking.signal }).catch(() => null);
    if (answer?.status === 401) return location.assign("/sign-in");
    if (answer && !answer.ok) this.why = String((await answer.json().catch(() => ({}))).detail ?? "");
    asking.abort();
    this.tell(false, true);
    this.follow(answer?.status === 404 ? "" : this.ward);
  }
}
