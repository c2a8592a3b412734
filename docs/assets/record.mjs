// The record of the mock interviews, one JSON object a line, as the command
// line keeps it, and what follows from it: when a challenge is due, and which
// is drawn. No clock and no page: the day comes from the caller.

import { createEmptyCard, fsrs, Rating } from "./fsrs.mjs";

export const RUBRIC = ["strong", "passable", "weak"];
const DAY = 86_400_000; // milliseconds
// Each record is one review. The interval comes from the stability alone:
// ts-fsrs would keep the intervals of its four buttons apart.
const SCHEDULER = fsrs({
  enable_fuzz: false,
  enable_short_term: true,
  learning_steps: [],
  relearning_steps: [],
});

const isText = (value) => typeof value === "string";
const isTruth = (value) => typeof value === "boolean";
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isQuestion = (value) =>
  isText(value?.question) && isText(value.answer) && isTruth(value.right);

function isTime(value) {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(value)) return false;
  const time = new Date(`${value}Z`);
  return !Number.isNaN(+time) && time.toISOString().startsWith(value);
}

// In the order in which a line has them: what each must be, and its words
const FIELDS = {
  challenge: [(v) => isText(v) && /^\w+$/.test(v), "the name of a challenge"],
  ended: [isTime, "a time such as 2026-11-28T21:04:05"],
  seconds: [isCount, "a whole number from 0"],
  hints: [isCount, "a whole number from 0"],
  checks: [isCount, "a whole number from 0"],
  accepted: [isTruth, "true or false"],
  questions: [
    (v) => Array.isArray(v) && v.every(isQuestion),
    "a list of objects with question, answer and right",
  ],
  rubric: [
    (v) => [...RUBRIC, null].includes(v),
    `${RUBRIC.join(", ")} or null`,
  ],
};

/** Return the record of a line; it throws if that is none. */
function read(line, number) {
  const damaged = (why) => new Error(`Line ${number} is damaged: ${why}.`);
  let found;
  try {
    found = JSON.parse(line);
  } catch {
    throw damaged("it is not JSON");
  }
  if (found === null || typeof found !== "object" || Array.isArray(found)) {
    throw damaged("it is not a JSON object");
  }
  for (const [name, [fits, allowed]] of Object.entries(FIELDS)) {
    const text = JSON.stringify(found[name]) ?? "missing";
    if (!fits(found[name])) {
      throw damaged(`${name} is ${text}, and must be ${allowed}`);
    }
  }
  const record = Object.fromEntries(
    Object.keys(FIELDS).map((name) => [name, found[name]]),
  );
  record.questions = found.questions.map(({ question, answer, right }) => ({
    question,
    answer,
    right,
  }));
  return record;
}

/** Return the records of a file; it throws and names a damaged line. */
export function parse(text) {
  return text
    .split("\n")
    .map((line, index) => [line.trim(), index + 1])
    .filter(([line]) => line)
    .map(([line, number]) => read(line, number));
}

/** Return the file of these records. */
export const format = (records) =>
  records.map((record) => `${JSON.stringify(record)}\n`).join("");

/** Return what is in either, in order, and what is the same once. */
export function merge(mine, theirs) {
  const all = new Map(
    [...mine, ...theirs].map((record) => [JSON.stringify(record), record]),
  );
  const order = (a, b) => (a.ended < b.ended ? -1 : +(a.ended > b.ended));
  return [...all.values()].sort(order);
}

const day = ({ ended }) => ended.slice(0, 10);
const midnight = (date) => new Date(`${date}T00:00:00Z`);

/** How well an interview went, as the scheduler counts it. */
export function rating({ accepted, hints, checks }) {
  if (!accepted) return Rating.Again;
  return hints || checks > 1 ? Rating.Hard : Rating.Good;
}

/** Return the day on which each challenge of the records is due. */
export function due(records) {
  const cards = {};
  const days = {};
  for (const record of merge(records, [])) {
    const { challenge } = record;
    const at = midnight(day(record));
    const before = cards[challenge] ?? createEmptyCard(at);
    const { card } = SCHEDULER.next(before, at, rating(record));
    const interval = SCHEDULER.next_interval(card.stability, 0);
    cards[challenge] = card;
    days[challenge] = new Date(+at + interval * DAY).toISOString().slice(0, 10);
  }
  return days;
}

/**
 * How likely a challenge is drawn: most if its last interview failed or if
 * there was none, then the more the longer ago that interview is.
 */
export function weight(challenge, records, today, solved) {
  const last = merge(records, [])
    .filter((record) => record.challenge === challenge)
    .at(-1);
  if (!last) return solved ? 2 : 4;
  if (!last.accepted) return 4;
  const days = (midnight(today) - midnight(day(last))) / DAY;
  return Math.min(4, 1 + Math.max(0, days) / 7);
}

/** Draw one by weights, with a number from 0 up to 1. */
export function draw(weights, number) {
  let left = number * weights.reduce((sum, own) => sum + own, 0);
  const found = weights.findIndex((own) => {
    left -= own;
    return left < 0;
  });
  return found < 0 ? weights.length - 1 : found; // a sum is rounded
}

/** Return a time on the clock of its place, without the offset. */
export function local(time) {
  const two = (number) => String(number).padStart(2, "0");
  const date = [time.getFullYear(), time.getMonth() + 1, time.getDate()];
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()];
  return `${date.map(two).join("-")}T${clock.map(two).join(":")}`;
}

/** Return a number of seconds as minutes and seconds. */
export function clock(seconds) {
  const rest = String(Math.floor(seconds) % 60).padStart(2, "0");
  return `${Math.floor(seconds / 60)}:${rest}`;
}
