/** The stream of events, and the knowledge whether it is alive: by lengths of time, for any clock may be set. */

const SILENT_MS = 3000;
const AGAIN_MS = 2000;
const PATIENCE_MS = 10000;
const MOST_PATIENCE_MS = 160000;

/** Follow a ward; `hear(frame)` on each frame, `told(isLive, why)` on a change. */
export class Live {
  constructor(hear, told) {
    this.hear = hear;
    this.told = told;
    this.isLive = null;
    this.heardMs = performance.now();
    this.patienceMs = PATIENCE_MS;
    this.why = "";
  }

  follow(ward) {
    this.ward = ward;
    this.openedMs = performance.now();
    this.source?.close();
    this.source = new EventSource(this.address);
    this.source.onmessage = (event) => this.take(JSON.parse(event.data));
    this.source.onerror = () => this.recover();
  }

  get address() {
    return `/events?ward=${encodeURIComponent(this.ward)}`;
  }

  take(frame) {
    this.heardMs = performance.now();
    this.patienceMs = PATIENCE_MS;
    this.why = "";
    this.tell(true);
    this.hear(frame);
  }

  /** Called every half second, also of a hidden page. */
  watch() {
    const nowMs = performance.now();
    if (nowMs - this.heardMs > SILENT_MS) this.tell(false);
    if (nowMs - Math.max(this.heardMs, this.openedMs) > this.patienceMs) this.reopen();
  }

  /** Of a server that is gone without a word a browser may never hear; one that is only slow gets more time. */
  reopen() {
    this.patienceMs = Math.min(2 * this.patienceMs, MOST_PATIENCE_MS);
    this.follow(this.ward);
  }

  tell(isLive, again = false) {
    if (isLive === this.isLive && !again) return;
    this.isLive = isLive;
    this.told(isLive, this.why);
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
