/** The stream of events, and the knowledge whether it is alive. */

const SILENT_MS = 3000;
const AGAIN_MS = 2000;

/** Follow a ward; `hear(frame)` on each frame, `told(isLive, lastMs)` on a change. */
export class Live {
  constructor(hear, told) {
    this.hear = hear;
    this.told = told;
    this.isLive = null;
    this.lastMs = Date.now();
    setInterval(() => this.watch(), 500);
  }

  follow(ward) {
    this.ward = ward;
    this.source?.close();
    this.source = new EventSource(`/events?ward=${encodeURIComponent(ward)}`);
    this.source.onmessage = (event) => this.take(JSON.parse(event.data));
    this.source.onerror = () => this.recover();
  }

  take(frame) {
    this.lastMs = Date.now();
    this.tell(true);
    this.hear(frame);
  }

  watch() {
    if (Date.now() - this.lastMs > SILENT_MS) this.tell(false);
  }

  tell(isLive) {
    if (isLive === this.isLive) return;
    this.isLive = isLive;
    this.told(isLive, this.lastMs);
  }

  /** The browser tries again by itself, but not after an answer that is no stream. */
  async recover() {
    if (this.source.readyState !== EventSource.CLOSED || this.waiting) return;
    this.waiting = true;
    await new Promise((done) => setTimeout(done, AGAIN_MS));
    this.waiting = false;
    const answer = await fetch("/", { redirect: "manual" }).catch(() => null);
    if (answer?.type === "opaqueredirect") location.assign("/sign-in");
    else this.follow(this.ward);
  }
}
