/** The ward: frames in, tiles out; the keyboard, the ear, and whether it is live. */

import { Live } from "./live.js";
import { PatientView } from "./patient.js";
import { Sound } from "./sound.js";
import { Tile } from "./tile.js";
import { clock, element, sentence, write } from "./words.js";

const SEVERITIES = ["high", "medium", "low"];
const ORDER_EVERY_MS = 2000;
const QUIET_READINGS_MS = 10000;
const UNSEEN_AT_ONCE = 10;

const at = (id) => document.getElementById(id);
const signs = JSON.parse(document.body.dataset.signs);
const tiles = new Map();
const said = new Set();
let ahead_ms = 0;
let trouble = "";
let lost = "";
let planned = false;
let orderedMs = 0;

const now = () => Date.now() + ahead_ms;
const view = new PatientView(at("patient"), signs, now);
const sound = new Sound(showSound);
const live = new Live(hear, showLive);
const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) tiles.get(target.dataset.id).visible = isIntersecting;
  plan();
}, { rootMargin: "200px" });

function hear(frame) {
  ahead_ms = frame.now_ms - Date.now();
  trouble = frame.trouble;
  if (frame.whole) forgetAll();
  for (const [id, sections] of Object.entries(frame.patients)) {
    const isNew = !tiles.has(id);
    if (isNew) tiles.set(id, new Tile(id, at("tile"), signs));
    tiles.get(id).take(sections, isNew);
    if (sections.alarms) announce(tiles.get(id), frame.whole);
  }
  showWards(frame.wards);
  plan();
}

function forgetAll() {
  for (const { node } of tiles.values()) seen.unobserve(node);
  tiles.clear();
  at("tiles").replaceChildren();
}

/** Draw before the browser's next picture, once, however much has come. */
function plan() {
  if (planned) return;
  planned = true;
  requestAnimationFrame(() => {
    planned = false;
    paint();
  });
}

function paint() {
  const nowMs = now();
  if (nowMs - orderedMs > ORDER_EVERY_MS || at("tiles").childElementCount !== tiles.size) order(nowMs);
  for (const tile of readable()) tile.write(nowMs);
  for (const tile of tiles.values()) tile.paint(nowMs);
  showCounts();
  showBanner(nowMs);
  write(at("clock"), clock(nowMs));
  at("nobody").hidden = tiles.size > 0;
}

/** What somebody can see, and some of what has changed where nobody looks. */
function readable() {
  let more = UNSEEN_AT_ONCE;
  return [...tiles.values()].filter((tile) => tile.visible || (tile.isNews && more-- > 0));
}

/** Put the most urgent first; what is in its place stays untouched, focus included. */
function order(nowMs) {
  orderedMs = nowMs;
  const focused = document.activeElement;
  const sorted = [...tiles.values()].sort(before);
  let place = at("tiles").firstElementChild;
  for (const { node } of sorted) {
    if (node === place) { place = place.nextElementSibling; continue; }
    const isNew = !node.isConnected;
    at("tiles").insertBefore(node, place);
    if (isNew) seen.observe(node);
  }
  if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
  if (!at("tiles").querySelector('.name[tabindex="0"]')) sorted[0]?.part("name").setAttribute("tabindex", "0");
}

function before(one, other) {
  const [a, b] = [one.rank, other.rank];
  return b[0] - a[0] || b[1] - a[1] || one.told.place.localeCompare(other.told.place, "en", { numeric: true });
}

function announce(tile, isFirst) {
  for (const alarm of tile.asking) {
    const word = `${alarm.alarm_id} ${alarm.step_number}`;
    if (said.has(word)) continue;
    said.add(word);
    if (!isFirst) write(at(alarm.severity === "high" ? "said-now" : "said"), sentence(tile.told.place, alarm));
  }
}

function showCounts() {
  const asking = [...tiles.values()].flatMap((tile) => tile.asking);
  const many = (severity) => asking.filter((alarm) => alarm.severity === severity).length;
  const text = SEVERITIES.map((severity) => `${many(severity)} ${severity}`).join(" ");
  if (at("counts").dataset.text !== text) {
    at("counts").dataset.text = text;
    at("counts").replaceChildren(...SEVERITIES.map((severity) => element("span", many(severity) ? severity : "", `${many(severity)} ${severity}`)));
  }
  const loudest = SEVERITIES.find(many) ?? null;
  sound.ask(live.isLive ? loudest : loudest ?? "low");
}

function showLive(isLive, lastMs) {
  document.body.classList.toggle("cut-off", !isLive);
  at("live").dataset.live = isLive ? "yes" : "no";
  write(at("live"), isLive ? "live" : "not live");
  lost = isLive ? "" : `Not live: nothing has come since ${clock(lastMs)}. This page tries again by itself; look at the patients.`;
  plan();
}

function showBanner(nowMs) {
  const last = Math.max(0, ...[...tiles.values()].flatMap((tile) => tile.told.vitals.signs.map((each) => each?.[0] ?? 0)));
  const silent = tiles.size && nowMs - last > QUIET_READINGS_MS ? `No reading of anybody since ${clock(last)}.` : "";
  const mute = !sound.isOn && sound.asks ? "Sound is off, and alarms wait for somebody." : "";
  const text = [lost, trouble, silent, mute].filter(Boolean).join(" ");
  write(at("banner"), text);
  at("banner").hidden = !text;
}

function showSound(isOn) {
  at("sound").setAttribute("aria-pressed", String(isOn));
  write(at("sound"), isOn ? "♪ Sound is on" : "Sound is off: turn on");
  plan();
}

function showWards(wards) {
  const known = [...at("ward").options].map((option) => option.value);
  for (const ward of wards.filter((each) => !known.includes(each))) at("ward").add(new Option(ward, ward));
}

function walk(event) {
  const names = [...document.querySelectorAll("#tiles .name")];
  const here = names.indexOf(event.target);
  const columns = getComputedStyle(at("tiles")).gridTemplateColumns.split(" ").length;
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -here, End: names.length - 1 - here };
  const there = names[here + (steps[event.key] ?? 0)];
  if (here < 0 || !(event.key in steps) || !there) return;
  event.preventDefault();
  event.target.setAttribute("tabindex", "-1");
  there.setAttribute("tabindex", "0");
  there.focus();
}

at("tiles").addEventListener("keydown", walk);
at("tiles").addEventListener("click", (event) => {
  const tile = event.target.closest(".tile");
  if (tile) view.open(tile.dataset.id);
});
at("ward").addEventListener("change", () => live.follow(at("ward").value));
at("sound").addEventListener("click", () => sound.toggle());
setInterval(plan, 1000);
live.follow("");
