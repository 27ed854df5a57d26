/** One patient, opened: the last hours, the score's parts, alarms, the EEG. */

import { cleared, draw, extremes, known } from "./course.js";
import { alarmLine } from "./tile.js";
import { age, clock, element, parts, points, rounded, words, write } from "./words.js";

const AGAIN_MS = 5000;
const LEAST_SLOTS = 30;
const SHELVED_FOR = [[15, "for 15 min"], [30, "for 30 min"], [60, "for 1 h"], [240, "for 4 h"]];
const EEG = [
  { column: "eeg_probability", label: "EEG: probability of a seizure", unit: "", decimals: 2, bounds: [0, 1] },
  { column: "eeg_firing_power", label: "EEG: share of the last 8 s", unit: "", decimals: 2, bounds: [0, 1] },
];

export class PatientView {
  constructor(dialog, signs, now) {
    this.dialog = dialog;
    this.signs = signs;
    this.now = now;
    dialog.addEventListener("close", () => clearInterval(this.again));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }

  async open(id) {
    this.id = id;
    this.dialog.replaceChildren(element("p", "", "…"));
    this.dialog.showModal();
    clearInterval(this.again);
    this.again = setInterval(() => this.load(), AGAIN_MS);
    await this.load();
  }

  async load() {
    const id = this.id;
    const answer = await fetch(`/patients/${encodeURIComponent(id)}`).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (!this.dialog.open || id !== this.id) return;
    if (!answer?.ok || !told) this.fail(told?.detail ?? "the server does not answer");
    else if (!this.isEntering()) this.show(told);
  }

  /** Say that what is shown is nothing, or old. */
  fail(why) {
    if (!this.dialog.querySelector("header")) this.dialog.replaceChildren(this.head({ place: this.id }));
    const known = document.getElementById("not-loaded");
    const said = known ?? element("p", "wrong", "", { id: "not-loaded", role: "alert" });
    if (!known) this.dialog.querySelector("header").after(said);
    write(said, `This patient could not be loaded: ${why}. What stands here may be old.`);
  }

  /** What somebody is about to enter is not taken from under his fingers. */
  isEntering() {
    return this.dialog.querySelector(".act:focus-within, .act :is(output, [role=status]):not(:empty)") !== null;
  }

  show(told) {
    const [scrolled, focused] = [this.dialog.scrollTop, this.dialog.contains(document.activeElement) && document.activeElement.id];
    this.dialog.replaceChildren(this.head(told), this.alarms(told), this.score(told), this.charts(told), this.past(told), ...this.goingHome());
    for (const paint of this.paints) paint();
    this.dialog.scrollTop = scrolled;
    document.getElementById(focused || "close-patient")?.focus({ preventScroll: true });
  }

  head(told) {
    const head = element("header");
    const close = element("button", "", "Close", { id: "close-patient", type: "button" });
    close.onclick = () => this.dialog.close();
    head.append(element("h2", "", told.place, { id: "patient-name" }), close);
    return head;
  }

  alarms(told) {
    const list = element("ul", "alarms", "", { role: "list" });
    for (const alarm of told.alarms) {
      list.append(alarmLine(alarm, this.now()), this.attending(alarm));
    }
    return section("Alarms", told.alarms.length ? list : element("p", "hint", "none"));
  }

  /** Who presses is known from the sign-in; what was pressed says what is asked. */
  attending(alarm) {
    const item = element("li");
    const form = element("form", "act");
    const label = `of ${words(alarm.pattern_name)}`;
    const minutes = element("select", "", "", { name: "minutes", "aria-label": `shelve for, ${label}` });
    for (const [value, text] of SHELVED_FOR) minutes.add(new Option(text, value));
    const said = element("output", "wrong");
    form.append(
      element("input", "", "", { name: "reason", placeholder: "reason", maxlength: 500, "aria-label": `reason, ${label}` }),
      element("button", "", "Acknowledge", { value: "acknowledge", "aria-label": `acknowledge ${words(alarm.pattern_name)}` }),
      minutes,
      element("button", "", "Shelve", { value: "shelve", "aria-label": `shelve ${words(alarm.pattern_name)}` }),
      said,
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      said.textContent = await attend(alarm.alarm_id, event.submitter.value, new FormData(form));
      event.submitter.blur();
      if (!said.textContent) await this.load();
    });
    item.append(form);
    return item;
  }

  /** Who went home is silent for ever: somebody says so, and their alarms end. */
  goingHome() {
    if (this.id === "vigil") return [];
    const form = element("form", "act");
    const said = element("p", "wrong", "", { role: "status" });
    form.append(
      element("input", "", "", { name: "reason", placeholder: "reason", maxlength: 500, "aria-label": "reason of the discharge" }),
      element("button", "", "Discharge", { value: "discharge" }),
      said,
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const reason = new FormData(form).get("reason").trim();
      said.textContent = reason.length < 3 ? "To discharge, say why." : await post(`/patients/${encodeURIComponent(this.id)}/discharge`, { reason });
      if (!said.textContent) this.dialog.close();
    });
    return [section("Went home: closes every open alarm, and takes the patient from the page until a device speaks again", form)];
  }

  score(told) {
    if (!told.score) return section("NEWS2", element("p", "hint", "not known yet"));
    const table = element("table");
    table.append(row("th", ["part", "points", "value's age"]));
    for (const [name, worth, age_s] of parts(told.score, true)) {
      table.append(row("td", [name, worth, age_s === null ? "never known" : age(age_s * 1000)]));
    }
    const said = [`NEWS2 ${points(told.score)}`, told.score.risk_at_least && `risk ${told.score.risk_at_least}`, told.score.response];
    if (told.score.respond_by_ms) said.push(`by ${clock(told.score.respond_by_ms)}`);
    return section(said.filter(Boolean).join(", "), table);
  }

  charts(told) {
    this.paints = [];
    const all = element("div", "charts");
    const readings = this.signs.map((sign) => ({ ...sign, bounds: null }));
    for (const shown of [...readings, ...EEG]) {
      const course = told.courses[shown.column];
      if (course) all.append(this.chart(shown, known(course, LEAST_SLOTS)));
    }
    return section("Last hours, 4 at most, as far as this server has seen them", all);
  }

  chart(shown, course) {
    const [least, most] = extremes(course);
    const figure = element("figure");
    const hours = age(course.low.length * course.slot_ms);
    const range = `${rounded(least, shown.decimals)} to ${rounded(most, shown.decimals)} ${shown.unit} in ${hours}`;
    const caption = element("figcaption");
    caption.append(element("span", "", shown.label), element("span", "hint", range));
    const canvas = element("canvas", "", "", { role: "img", "aria-label": `${shown.label}, ${range}` });
    figure.append(caption, canvas);
    const slack = Math.max(1, (most - least) / 10);
    const bounds = shown.bounds ?? [least - slack, most + slack];
    this.paints.push(() => {
      const box = { x: 2, y: 2, width: canvas.clientWidth - 4, height: canvas.clientHeight - 4 };
      draw(cleared(canvas), course, box, bounds, this.now(), "#7be0a0");
    });
    return figure;
  }

  past(told) {
    const list = element("ol", "past");
    for (const alarm of told.past) {
      const item = element("li");
      item.append(element("span", "", clock(alarm.started_ms)), element("span", "", `${alarm.severity}: ${words(alarm.pattern_name)}`), element("span", "hint", `over ${clock(alarm.ts_ms)}`));
      list.append(item);
    }
    return section("Earlier", told.past.length ? list : element("p", "hint", "nothing"));
  }
}

/** Ask for it; return why it was refused, or nothing. */
async function attend(alarmId, what, given) {
  const body = { reason: given.get("reason").trim() };
  if (what === "shelve" && body.reason.length < 3) return "To shelve, say why.";
  if (what === "shelve") body.minutes = Number(given.get("minutes"));
  return post(`/alarms/${encodeURIComponent(alarmId)}/${what}`, body);
}

/** Ask for something to be done; return why it was not, or nothing. */
async function post(address, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (!answer) return "The server does not answer: nothing was done.";
  return answer.ok ? "" : String((await answer.json().catch(() => null))?.detail ?? "It was not done.");
}

function section(title, ...content) {
  const made = element("section");
  made.append(element("h3", "", title), ...content);
  return made;
}

function row(tag, cells) {
  const made = element("tr");
  made.append(...cells.map((text) => element(tag, "", text)));
  return made;
}
