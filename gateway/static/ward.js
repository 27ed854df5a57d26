/** The ward: frames in, tiles out; the keyboard, the ear, and whether it is live. */

import { Live } from "./live.js";
import { PatientView } from "./patient.js";
import { Sound } from "./sound.js";
import { Tile } from "./tile.js";
import { clock, element, moment, sentence, write } from "./words.js";

const SEVERITIES = ["high", "medium", "low"];
const ORDER_EVERY_MS = 2000;
const QUIET_READINGS_MS = 10000;
const UNSEEN_AT_ONCE = 10;

const at = (id) => document.getElementById(id);
const signs = JSON.parse(document.body.dataset.signs);
const tiles = new Map();
const said = new Set();
let heard = { serverMs: Date.now(), ticksMs: performance.now(), wallMs: Date.now() };
let trouble = "";
let banners = [];
let lost = "";
let planned = false;
let orderedMs = -Infinity;

/** The server's time: never earlier than by either clock here, of which one may be set and one may sleep. */
const now = () => heard.serverMs + Math.max(0, performance.now() - heard.ticksMs, Date.now() - heard.wallMs);
const view = new PatientView(at("patient"), signs, now);
const sound = new Sound(showSound);
const live = new Live(hear, showLive);
const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const tile = tiles.get(target.dataset.id);
    if (tile?.node === target) tile.visible = isIntersecting;
  }
  plan();
}, { rootMargin: "200px" });

function hear(frame) {
  heard = { serverMs: frame.now_ms, ticksMs: performance.now(), wallMs: Date.now() };
  trouble = frame.trouble;
  banners = frame.banners;
  if (frame.whole) forgetAll();
  frame.gone.forEach(forget);
  for (const [id, sections] of Object.entries(frame.patients)) {
    const isNew = !tiles.has(id);
    if (isNew) tiles.set(id, new Tile(id, at("tile"), signs));
    tiles.get(id).take(sections, isNew);
    if (sections.alarms) announce(tiles.get(id), frame.whole);
  }
  showWards(frame.wards);
  listen();
  plan();
}

function forget(id) {
  const tile = tiles.get(id);
  if (!tile) return;
  seen.unobserve(tile.node);
  tile.node.remove();
  tiles.delete(id);
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
  if (performance.now() - orderedMs > ORDER_EVERY_MS || at("tiles").childElementCount !== tiles.size) order();
  for (const tile of readable()) tile.write(nowMs);
  for (const tile of tiles.values()) tile.paint(nowMs);
  showCounts();
  showBanners(nowMs);
  write(at("clock"), clock(nowMs));
  at("nobody").hidden = tiles.size > 0;
}

/** What somebody can see, and some of what has changed where nobody looks. */
function readable() {
  let more = UNSEEN_AT_ONCE;
  return [...tiles.values()].filter((tile) => tile.visible || (tile.isNews && more-- > 0));
}

/** Put the most urgent first; what is in its place stays untouched, focus included. */
function order() {
  orderedMs = performance.now();
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

function counted() {
  const asking = [...tiles.values()].flatMap((tile) => tile.asking);
  return (severity) => asking.filter((alarm) => alarm.severity === severity).length;
}

/** What is heard, and what stands on the tab: not drawn, for nothing is of a hidden page. */
function listen() {
  const many = counted();
  const loudest = SEVERITIES.find(many) ?? null;
  const isBroken = !live.isLive || banners.some((each) => each.weight === "grave");
  sound.ask(isBroken ? loudest ?? "low" : loudest);
  const title = isBroken ? "✕ Alarms do not work" : loudest && `(${many(loudest)} ${loudest})`;
  document.title = [title, "Ward – Vigil"].filter(Boolean).join(" ");
}

function showCounts() {
  const many = counted();
  const text = SEVERITIES.map((severity) => `${many(severity)} ${severity}`).join(" ");
  if (at("counts").dataset.text !== text) {
    at("counts").dataset.text = text;
    at("counts").replaceChildren(...SEVERITIES.map((severity) => element("span", many(severity) ? severity : "", `${many(severity)} ${severity}`)));
  }
}

function showLive(isLive, why) {
  document.body.classList.toggle("cut-off", !isLive);
  at("live").dataset.live = isLive ? "yes" : "no";
  write(at("live"), isLive ? "live" : "not live");
  lost = isLive ? "" : `Not live: nothing has come since ${clock(heard.serverMs)}. ${why ? `The server says: ${why}. ` : ""}This page tries again by itself; look at the patients.`;
  listen();
  plan();
}

function showBanners(nowMs) {
  const last = Math.max(0, ...[...tiles.values()].flatMap((tile) => tile.told.vitals.signs.map((each) => each?.[0] ?? 0)));
  const silent = tiles.size && nowMs - last > QUIET_READINGS_MS ? `No reading of anybody since ${clock(last)}.` : "";
  const mute = !sound.isOn && sound.asks ? "Sound is off, and alarms wait for somebody." : "";
  const deaf = sound.isOn ? "" : "Sound is off: nothing is heard of a tab that nobody looks at, or of a locked phone.";
  const told = (weight) => banners.filter((each) => each.weight === weight).map(put);
  say("grave", told("grave"));
  say("banner", [lost, trouble, ...told("warning"), silent, mute]);
  say("notes", [...told("note"), deaf]);
}

const put = ({ text, since_ms }) => (since_ms === null ? text : `${text} Since ${moment(since_ms, now())}.`);

function say(id, texts) {
  const text = texts.filter(Boolean).join(" ");
  write(at(id), text);
  at(id).hidden = !text;
}

function showSound(isOn) {
  at("sound").setAttribute("aria-pressed", String(isOn));
  write(at("sound"), isOn ? "♪ Sound is on" : "Sound is off: turn on");
  plan();
}

function showWards(wards) {
  at("ward").value = live.ward;
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
function tick() {
  live.watch();
  sound.tick();
  plan();
}

document.addEventListener("visibilitychange", () => sound.resume());
setInterval(tick, 1000);
new Worker("/static/ticks.js").onmessage = tick;
live.follow("");
