/** How numbers, times and names are put to people. */

export const MARKS = { high: "!!!", medium: "!!", low: "!" };

/** Parts of a score where there is little room. */
export const SHORT = {
  "respiration": "RR",
  "oxygen saturation": "SpO₂",
  "air or oxygen": "O₂",
  "systolic blood pressure": "BP",
  "consciousness": "ACVPU",
  "temperature": "temp",
};

/** An age in words; "now" while it is younger than anybody would notice. */
export function age(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 5) return "now";
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

export const clock = (ms) => new Date(ms).toLocaleTimeString("en-GB");

/** A clock's time, with the day where it is not within the last hours. */
export function moment(ms, nowMs) {
  const day = nowMs - ms > 12 * 3600 * 1000 ? `${new Date(ms).toLocaleDateString("en-GB")}, ` : "";
  return `${day}${clock(ms)}`;
}

export const words = (name) => name.replaceAll("_", " ");

export const rounded = (value, decimals) => value.toFixed(decimals);

/** What a score says: its total, or the range that is possible. */
export function points(score) {
  if (score.total !== null) return String(score.total);
  return `${score.lowest}–${score.highest}`;
}

/** The parts of a score that have points, or may have. */
export function parts(score, all = false) {
  return Object.entries(score.parts ?? {})
    .filter(([, part]) => all || part.highest > 0)
    .map(([name, part]) => [words(name), part.lowest === part.highest ? `${part.lowest}` : `${part.lowest}–${part.highest}`, part.age_s]);
}

/** One alarm in one sentence, for the ear. */
export const sentence = (place, alarm) =>
  `${alarm.severity} ${alarm.kind === "technical" ? "equipment alarm" : "alarm"}, ${place}: ${words(alarm.pattern_name)}`;

/** An element with a class and text, and attributes. */
export function element(tag, name = "", text = "", attributes = {}) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Write only what differs: the browser lays out nothing for the rest. */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
