/**
 * Sound for alarms that nobody looks after: bursts of pulses after IEC 60601-1-8.
 *
 * High: ten pulses, five and five; medium: three; low: two. Lengths, gaps and
 * repetition lie within the standard's ranges; each pulse has four harmonics.
 */

const HIGH_GAPS_S = [0.1, 0.1, 0.35, 0.1];

export const BURSTS = {
  high: { pulse_s: 0.15, gaps_s: [...HIGH_GAPS_S, 0.7, ...HIGH_GAPS_S], rest_s: 5, hz: 523 },
  medium: { pulse_s: 0.2, gaps_s: [0.2, 0.2], rest_s: 10, hz: 440 },
  low: { pulse_s: 0.2, gaps_s: [0.2], rest_s: 20, hz: 330 },
};

/** When each pulse of a burst begins, and how long the burst lasts, in seconds. */
export function timetable({ pulse_s, gaps_s }) {
  const starts = [0];
  for (const gap_s of gaps_s) starts.push(starts.at(-1) + pulse_s + gap_s);
  return { starts, length_s: starts.at(-1) + pulse_s };
}

export class Sound {
  /** `told(isOn)` hears whether it can really be heard. */
  constructor(told) {
    this.told = told;
    this.wanted = false;
    this.asks = null;
    this.burst = null;
    this.nextMs = 0;
  }

  get isOn() {
    return this.wanted && this.context?.state === "running";
  }

  /** Browsers allow sound only after somebody has pressed something. */
  async toggle() {
    this.wanted = !this.wanted;
    if (this.wanted) {
      this.context ??= this.open();
      await this.context.resume();
      this.stayAwake();
      this.play("low");
    } else {
      this.hush();
      await this.context.suspend();
    }
    this.told(this.isOn);
  }

  /** A page that holds a lock is not put to sleep while nobody looks at it. */
  stayAwake() {
    if (this.isAwake || !navigator.locks) return;
    this.isAwake = true;
    navigator.locks.request("vigil-sound", { mode: "shared" }, () => new Promise(() => {}));
  }

  /** After a call, or when the page is seen again, a browser may let it sound again. */
  resume() {
    if (this.wanted) this.context.resume();
  }

  open() {
    const context = new AudioContext();
    context.onstatechange = () => this.told(this.isOn);
    const harmonics = [0, 1, 0.8, 0.7, 0.6, 0.5];
    this.wave = context.createPeriodicWave(new Float32Array(harmonics), new Float32Array(harmonics.length));
    return context;
  }

  /** Say which severity asks for somebody now; null: none does. Sounds at once, drawn or not. */
  ask(severity) {
    if (severity === this.asks) return;
    this.asks = severity;
    this.hush();
    this.tick();
  }

  /** Begin the next burst if it is time, whatever clock was set; called every half second, also of a hidden page. */
  tick() {
    if (!this.asks || !this.isOn || performance.now() < this.nextMs) return;
    const burst = BURSTS[this.asks];
    this.nextMs = performance.now() + (timetable(burst).length_s + burst.rest_s) * 1000;
    this.play(this.asks);
  }

  play(severity) {
    const { pulse_s, hz } = BURSTS[severity];
    const { starts } = timetable(BURSTS[severity]);
    const begin = this.context.currentTime + 0.05;
    const gain = this.context.createGain();
    gain.gain.value = 0;
    gain.connect(this.context.destination);
    const tone = this.context.createOscillator();
    tone.setPeriodicWave(this.wave);
    tone.frequency.value = hz;
    tone.connect(gain);
    for (const start of starts) {
      const at = begin + start;
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(0.4, at + 0.15 * pulse_s);
      gain.gain.setValueAtTime(0.4, at + 0.85 * pulse_s);
      gain.gain.linearRampToValueAtTime(0, at + pulse_s);
    }
    tone.start(begin);
    tone.stop(begin + starts.at(-1) + pulse_s);
    this.burst = { tone, gain };
  }

  hush() {
    this.nextMs = 0;
    this.burst?.gain.disconnect();
    this.burst = null;
  }
}
