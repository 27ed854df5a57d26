/** One patient's tile: keeps what it was told, and draws only what differs. */

import { add, cleared, draw, extremes } from "./course.js";
import { MARKS, SHORT, age, element, parts, points, rounded, words, write } from "./words.js";

const SPARKLINES = { heart_rate_bpm: ["#7be0a0", 20], spo2_pct: ["#d3c6ff", 6] };
const SHOWN = [
  ["heart_rate_bpm"],
  ["spo2_pct"],
  ["respiratory_rate_per_min"],
  ["systolic_mmhg", "diastolic_mmhg"],
  ["temperature_c"],
];
const LABELS = { systolic_mmhg: "BP" };
/** What needs no word: it is raised, and says so by its colour and marks. */
const STATES = { raised: "" };
const MOST_ALARMS = 3;
/** What a value is while an alarm says that there is none: no old number stands there. */
const NONE = { heart_rate_bpm: ["pulse_loss", "no pulse"] };
/** Written out of sight, too: a screen reader and a search scroll nowhere. */
const SELDOM = ["place", "alarms", "score"];

export class Tile {
  constructor(id, template, signs) {
    this.id = id;
    this.signs = signs;
    this.told = {};
    this.node = template.content.firstElementChild.cloneNode(true);
    this.node.dataset.id = id;
    this.part = (name) => this.node.querySelector(`.${name}`);
    this.fields = SHOWN.map((columns) => this.field(columns));
    this.dirty = true;
    this.isNews = false;
    this.visible = false;
  }

  field(columns) {
    const signs = columns.map((column) => this.signs.find((sign) => sign.column === column));
    const box = element("div", "sign");
    const [label, value, old] = [element("dt"), element("dd"), element("span", "age")];
    label.append(LABELS[columns[0]] ?? signs[0].label, ` ${signs[0].unit} `, old);
    box.append(label, value);
    this.part("signs").append(box);
    return { box, value, old, signs };
  }

  take(sections, isNew) {
    Object.assign(this.told, sections);
    this.isNews ||= SELDOM.some((name) => name in sections);
    if (sections.vitals && !isNew) this.trace(sections.vitals.signs);
    this.dirty = true;
  }

  trace(values) {
    for (const [name, course] of Object.entries(this.told.recent)) {
      const known = values[this.signs.findIndex((sign) => sign.column === name)];
      if (known) add(course, ...known);
    }
  }

  /** What orders the tiles: the loudest alarm, then points, then the place. */
  get rank() {
    return [this.told.alarms[0]?.loudness ?? 0, this.told.score?.lowest ?? 0];
  }

  get asking() {
    return this.told.alarms.filter((alarm) => alarm.unattended);
  }

  /** Write what is said seldom, and of what goes on all the time what somebody sees. */
  write(nowMs) {
    this.isNews = false;
    write(this.part("name"), this.told.place);
    this.drawScore();
    this.drawAlarms(nowMs);
    if (!this.visible) return;
    this.node.classList.toggle("never-measured", !this.told.vitals.signs.some(Boolean));
    this.drawSigns(nowMs);
    this.drawEeg();
  }

  /** Draw the sparklines: after all writing, for it asks how large they are. */
  paint(nowMs) {
    if (!this.visible || !this.dirty) return;
    this.dirty = false;
    this.drawSparklines(nowMs);
  }

  drawSigns(nowMs) {
    for (const { box, value, old, signs } of this.fields) {
      const known = signs.map((sign) => this.told.vitals.signs[this.signs.indexOf(sign)]);
      const since = Math.min(...known.map((each) => each?.[0] ?? 0));
      const passed = since ? nowMs - since : Infinity;
      const [first] = signs;
      const gone = passed > first.gone_s * 1000;
      const [pattern, none] = NONE[first.column] ?? [];
      const alarm = this.told.alarms.find((each) => each.pattern_name === pattern && each.state !== "latched");
      const text = gone ? "–" : known.map(([, each]) => rounded(each, first.decimals)).join("/");
      write(value, alarm ? none : text);
      write(old, alarm ? age(nowMs - alarm.started_ms) : since ? age(passed) : "never");
      box.classList.toggle("none", Boolean(alarm));
      box.classList.toggle("stale", !alarm && passed > first.stale_s * 1000);
    }
  }

  drawScore() {
    const { score } = this.told;
    write(this.part("news2"), score ? `NEWS2 ${points(score)}` : "NEWS2 –");
    this.part("news2").dataset.risk = score?.risk_at_least ?? "";
    const said = score ? parts(score).map(([name, worth]) => `${SHORT[name] ?? name} ${worth}`) : [];
    write(this.part("parts"), said.join(" · "));
  }

  /** New lines for new steps alone: as time passes, only their ages change. */
  drawAlarms(nowMs) {
    const { alarms } = this.told;
    const shown = alarms.slice(0, MOST_ALARMS);
    const drawn = alarms.map((alarm) => `${alarm.alarm_id} ${alarm.step_number}`).join();
    if (drawn !== this.drawn) this.drawLines(shown, alarms.length - shown.length, nowMs);
    this.drawn = drawn;
    shown.forEach((alarm, place) => write(this.ages[place], since(alarm, nowMs)));
    this.node.dataset.worst = this.asking[0]?.severity ?? "";
  }

  drawLines(shown, more, nowMs) {
    const list = this.part("alarms");
    list.replaceChildren(...shown.map((alarm) => alarmLine(alarm, nowMs)));
    if (more) list.append(element("li", "", `and ${more} more`));
    for (const flash of list.getAnimations({ subtree: true })) flash.startTime = 0; // all as one
    this.ages = [...list.querySelectorAll(".since")];
  }

  drawEeg() {
    const { eeg } = this.told;
    const known = (value) => (value === null ? "unknown" : `${Math.round(100 * value)} %`);
    const said = eeg ? `EEG: seizure ${known(eeg.probability)}, 8 s ${known(eeg.firing_power)}` : "";
    write(this.part("eeg"), eeg?.seizing ? `${said}, seizing` : said);
    this.part("eeg").classList.toggle("seizing", Boolean(eeg?.seizing));
  }

  drawSparklines(nowMs) {
    const canvas = this.part("sparkline");
    const pen = cleared(canvas);
    const height = canvas.clientHeight / 2;
    Object.entries(SPARKLINES).forEach(([name, [colour, least]], lane) => {
      const course = this.told.recent[name];
      const bounds = course && extremes(course);
      if (!bounds) return;
      const slack = Math.max(0, least - (bounds[1] - bounds[0])) / 2;
      const box = { x: 0, y: lane * height + 2, width: canvas.clientWidth - 2, height: height - 4 };
      draw(pen, course, box, [bounds[0] - slack, bounds[1] + slack], nowMs, colour);
    });
  }
}

/** One alarm as a line: mark, name and state in words, colour beside them. */
export function alarmLine(alarm, nowMs) {
  const asks = alarm.unattended ? "asks" : "attended";
  const line = element("li", `alarm ${alarm.severity} ${asks} ${alarm.kind}`);
  const kind = alarm.kind === "technical" ? "equipment: " : "";
  line.append(
    element("span", "mark", MARKS[alarm.severity], { "aria-label": alarm.severity }),
    element("span", "what", `${kind}${words(alarm.pattern_name)}`),
    element("span", "since", since(alarm, nowMs)),
  );
  return line;
}

const since = (alarm, nowMs) => `${STATES[alarm.state] ?? alarm.state} ${age(nowMs - alarm.started_ms)}`;
