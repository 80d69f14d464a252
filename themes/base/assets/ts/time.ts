import { all } from "./dom";

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600], ["month", 2_629_800], ["week", 604_800], ["day", 86_400], ["hour", 3_600], ["minute", 60],
];

/** relativeTimes says how long ago each moment was: in brackets where text tells the
    age of data, as a tooltip elsewhere. With data-max-age in seconds, a moment
    older than that turns stale; the page itself cannot know when it is read. */
export function relativeTimes(now = Date.now()): void {
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto", style: "long" });
  for (const time of all<HTMLTimeElement>("time[datetime]")) {
    const seconds = (Date.parse(time.dateTime) - now) / 1000;
    if (Number.isNaN(seconds)) {
      continue;
    }
    const [unit, size] = steps.find(([, s]) => Math.abs(seconds) >= s) ?? ["minute", 60];
    const words = format.format(Math.trunc(seconds / size), unit);
    if (time.dataset.ago === undefined || time.closest("td")) {
      time.title = words;
    } else {
      time.append(` (${words})`);
      time.dataset.ago = words; // the room kept for them is no longer needed
    }
    if (-seconds > Number(time.dataset.maxAge ?? Infinity)) {
      time.classList.add("tone", "stale");
    }
  }
}
