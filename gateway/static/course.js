/** The course of a number on a canvas: in each slot from its lowest to its highest. */

/** Add a value to a course, as the server does; older slots fall out. */
export function add(course, ts, value) {
  const slots = course.low.length;
  let steps = Math.floor(ts / course.slot_ms) - Math.floor(course.end_ms / course.slot_ms);
  if (steps > 0) {
    course.end_ms += steps * course.slot_ms;
    for (const side of [course.low, course.high]) {
      if (steps >= slots) side.fill(null);
      else { side.copyWithin(0, steps); side.fill(null, slots - steps); }
    }
    steps = 0;
  }
  const place = slots - 1 + steps;
  if (place < 0) return;
  course.low[place] = course.low[place] === null ? value : Math.min(course.low[place], value);
  course.high[place] = course.high[place] === null ? value : Math.max(course.high[place], value);
}

/** The lowest and the highest of a course; null where nothing is known. */
export function extremes(course) {
  const low = course.low.filter((v) => v !== null);
  const high = course.high.filter((v) => v !== null);
  return low.length ? [Math.min(...low), Math.max(...high)] : null;
}

/** A course from its first known slot on, but no fewer than `least` slots. */
export function known(course, least) {
  const first = course.low.findIndex((v) => v !== null);
  const from = Math.max(0, Math.min(first, course.low.length - least));
  return { ...course, low: course.low.slice(from), high: course.high.slice(from) };
}

/** Fit a canvas to its size on the screen, and return what draws on it. */
export function cleared(canvas) {
  const ratio = devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
  return pen;
}

/** Draw a course into a box up to `nowMs`; a gap stays a gap. */
export function draw(pen, course, box, bounds, nowMs, colour) {
  const slots = course.low.length;
  const behind = Math.max(0, Math.floor(nowMs / course.slot_ms) - Math.floor(course.end_ms / course.slot_ms));
  const [bottom, top] = bounds;
  const x = (slot) => box.x + ((slot - behind) / (slots - 1)) * box.width;
  const y = (value) => box.y + box.height * (1 - (Math.min(top, Math.max(bottom, value)) - bottom) / (top - bottom));
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5;
  pen.beginPath();
  let drawing = false;
  for (let slot = behind; slot < slots; slot += 1) {
    const low = course.low[slot];
    if (low === null) { drawing = false; continue; }
    const high = course.high[slot];
    if (drawing) pen.lineTo(x(slot), y(low));
    else pen.moveTo(x(slot), y(low) + 0.75);
    pen.lineTo(x(slot), y(high));
    drawing = true;
  }
  pen.stroke();
}
