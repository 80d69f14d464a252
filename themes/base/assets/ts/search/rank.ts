// The ranker: generator/search/rank.go, step for step. Change both together;
// a test in generator/search compares their answers.
import { fields, kindStart, lengthSteps, Posting, Shards, Stored } from "./shards";
import { isStop, isWordChar, term, words } from "./words";

const maxQuery = 256;
const maxQueryWords = 12;

const endings = "ables ations ators edly ements encies ers es fully ibilities ical ically ies ilities ings ities ives ization izations izers ments nesses ously ying".split(" ");

/** Word is one word of a query: the terms that stand for it, with weights. */
export interface Word {
  word: string;
  stem: string;
  variants: Map<string, number>;
  required: boolean;
  found: Map<number, number>;
  typos: Map<number, number>;
  /** near are the terms that were read as typing mistakes. */
  near: Set<string>;
}

export interface Query {
  words: Word[];
  key: string;
  open: boolean;
  required: number;
}

export interface Result {
  url: string;
  score: number;
  document: Stored;
  section: Stored["s"][number];
}

export interface Answer {
  query: Query;
  results: Result[];
  /** total is the number of documents found; more may match with typing mistakes. */
  total: number;
}

interface Hit {
  start: number;
  ord: number;
  tier: number;
  score: number;
}

const length = (s: string): number => [...s].length;

function clip(s: string, n: number): string {
  const b = new TextEncoder().encode(s);
  return b.length <= n ? s : new TextDecoder().decode(b.subarray(0, n)).replace(/\uFFFD/g, "");
}

function addVariant(w: Word, t: string, weight: number): void {
  if (!w.variants.has(t)) {
    w.variants.set(t, weight);
  }
}

/** parse cuts a query into words. */
export function parse(input: string, joined: number): Query {
  const text = clip(input, maxQuery);
  const last = [...text].pop() ?? "";
  const q: Query = { words: [], key: "", open: isWordChar(last), required: 0 };
  for (const w of words(text)) {
    if (q.words.length === maxQueryWords) {
      q.open = false;
      break;
    }
    const word: Word = { word: w, stem: term(w), variants: new Map([[w, 1]]), required: !isStop(w), found: new Map(), typos: new Map(), near: new Set() };
    if (word.stem) {
      addVariant(word, word.stem, 1);
    }
    q.words.push(word);
    q.key += w.replaceAll("'", "");
  }
  q.required = q.words.filter((w) => w.required).length;
  if (q.required === 0) {
    q.words.forEach((w) => (w.required = true));
    q.required = q.words.length;
  }
  for (let i = 1; i < q.words.length; i++) {
    const [a, b] = [q.words[i - 1]!, q.words[i]!];
    addVariant(a, a.word + b.word, joined);
    addVariant(b, a.word + b.word, joined);
  }
  return q;
}

/** mistakes is how many typing mistakes are forgiven in a word. */
function mistakes(word: string): number {
  const n = length(word);
  return n < 4 ? 0 : n < 8 ? 1 : 2;
}

/** distance is the optimal string alignment distance, limit + 1 if it is above limit. */
export function distance(a: string, b: string, limit: number): number {
  const x = [...a];
  const y = [...b];
  if (Math.abs(x.length - y.length) > limit) {
    return limit + 1;
  }
  let before: number[] = [];
  let previous = Array.from({ length: y.length + 1 }, (_, j) => j);
  for (let i = 1; i <= x.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= y.length; j++) {
      let d = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (x[i - 1] === y[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && x[i - 1] === y[j - 2] && x[i - 2] === y[j - 1]) {
        d = Math.min(d, before[j - 2]! + 1);
      }
      row.push(d);
      best = Math.min(best, d);
    }
    if (best > limit) {
      return limit + 1;
    }
    before = previous;
    previous = row;
  }
  return Math.min(previous[y.length]!, limit + 1);
}

/** Search answers queries over an index. */
export class Search {
  private columns: Uint8Array[] = [];
  private average: number[] = [];

  constructor(readonly shards: Shards) {}

  /** query returns the n best documents for a text, all of them for n < 0. */
  async query(text: string, n: number): Promise<Answer> {
    const p = this.shards.pointer;
    const q = parse(text, p.weights.joined);
    if (!q.words.length) {
      return { query: q, results: [], total: 0 };
    }
    this.average = [p.text, p.title, p.name].map(([sum, count]) => sum / Math.max(count, 1));
    [this.columns] = await Promise.all([this.shards.columns(), this.expand(q), ...q.words.map((w) => this.shards.postings(w.word))]);
    for (const w of q.words) {
      w.found = await this.frequencies(w.variants);
    }
    const names = await this.names(q);
    let hits = this.score(q, names);
    if (n < 0 || hits.length < n || (n > 0 && hits[n - 1]!.tier !== 0)) {
      await this.forgive(q);
      hits = this.score(q, names);
    }
    const shown = n < 0 ? hits : hits.slice(0, n);
    return { query: q, results: await Promise.all(shown.map((h) => this.result(h))), total: hits.length };
  }

  private async result(h: Hit): Promise<Result> {
    const document = await this.shards.stored(h.start);
    const section = document.s[h.ord - h.start];
    if (!section) {
      throw new Error("a file of the search index is damaged: a section is not there");
    }
    return { url: section.i ? `${document.u}#${section.i}` : document.u, score: h.score, document, section };
  }

  /** expand adds the words that the last word of an open query may become. */
  private async expand(q: Query): Promise<void> {
    const w = this.shards.pointer.weights;
    const last = q.words[q.words.length - 1]!;
    const n = length(last.word);
    if (!q.open || n < 2) {
      return;
    }
    for (const t of await this.shards.withPrefix(last.word)) {
      if (!t.endsWith("=")) {
        addVariant(last, t, (w.partial * n) / length(t));
      }
    }
    const bytes = new TextEncoder().encode(last.word);
    for (let cut = bytes.length - 1; cut >= 3; cut--) {
      const rest = new TextDecoder().decode(bytes.subarray(cut));
      if (endings.some((e) => e.startsWith(rest))) {
        addVariant(last, last.word.slice(0, -rest.length), w.ending);
      }
    }
  }

  private async frequencies(variants: Iterable<[string, number]>): Promise<Map<number, number>> {
    const list = [...variants];
    const postings = await Promise.all(list.map(([t]) => this.shards.postings(t)));
    const out = new Map<number, number>();
    list.forEach(([, weight], i) => {
      for (const p of postings[i]!) {
        const f = this.frequency(p);
        if (f > 0) {
          out.set(p.ord, (out.get(p.ord) ?? 0) + weight * f);
        }
      }
    });
    return out;
  }

  private frequency(p: Posting): number {
    const w = this.shards.pointer.weights;
    let sum = 0;
    for (let f = 0; f < fields.count; f++) {
      if (!p.tf[f] || !w.fields[f]) {
        continue;
      }
      let x = w.fields[f]! * p.tf[f]!;
      if (f <= fields.name && this.average[f]! > 0) {
        const b = w.length[f]!;
        const n = this.columns[f]![p.ord]!;
        x /= 1 - b + (b * (f === fields.text ? lengthSteps[n]! : n)) / this.average[f]!;
      }
      sum += x;
    }
    return sum;
  }

  private async names(q: Query): Promise<Map<number, number>> {
    const w = this.shards.pointer.weights;
    const out = new Map<number, number>();
    const exact = q.key + "=";
    const terms = q.open && length(q.key) >= 2 ? await this.shards.withPrefix(q.key) : q.key ? [exact] : [];
    for (const t of terms) {
      if (!t.endsWith("=")) {
        continue;
      }
      const bonus = t === exact ? w.exact : (w.prefix * length(q.key)) / (length(t) - 1);
      for (const p of await this.shards.postings(t)) {
        out.set(p.ord, Math.max(out.get(p.ord) ?? 0, bonus));
      }
    }
    return out;
  }

  /** forgive looks for words one or two typing mistakes away. */
  private async forgive(q: Query): Promise<void> {
    const lexicon = await this.shards.lexicon();
    for (const w of q.words) {
      const allowed = mistakes(w.word);
      if (!w.required || !allowed) {
        continue;
      }
      const near: [string, number][] = [];
      for (const t of lexicon) {
        if (w.variants.has(t)) {
          continue;
        }
        const d = Math.min(distance(w.word, t, allowed), w.stem === w.word ? Infinity : distance(w.stem, t, allowed));
        if (d > 0 && d <= allowed) {
          near.push([t, this.shards.pointer.weights.typo[d - 1]!]);
        }
      }
      w.near = new Set(near.map(([t]) => t));
      w.typos = await this.frequencies(near);
    }
  }

  private score(q: Query, names: Map<number, number>): Hit[] {
    const { k1 } = this.shards.pointer.weights;
    const sums = new Map<number, { score: number; exact: number; fuzzed: number }>();
    const at = (ord: number) => {
      let s = sums.get(ord);
      if (!s) {
        sums.set(ord, (s = { score: 0, exact: 0, fuzzed: 0 }));
      }
      return s;
    };
    for (const w of q.words) {
      const idf = this.idf(w.found.size);
      for (const [ord, f] of w.found) {
        const s = at(ord);
        s.score += (idf * f * (k1 + 1)) / (k1 + f);
        s.exact += w.required ? 1 : 0;
      }
      const loose = this.idf(w.found.size + w.typos.size);
      for (const [ord, f] of w.typos) {
        if (!w.found.has(ord)) {
          const s = at(ord);
          s.score += (loose * f * (k1 + 1)) / (k1 + f);
          s.fuzzed++;
        }
      }
    }
    for (const ord of names.keys()) {
      at(ord).exact = q.required;
    }
    const best = new Map<number, Hit>();
    for (const [ord, s] of sums) {
      const h: Hit = { start: this.start(ord), ord, tier: 0, score: s.score + (names.get(ord) ?? 0) };
      if (s.exact < q.required) {
        h.tier = 1;
        const covered = Math.min(s.exact + s.fuzzed, q.required) / q.required;
        h.score *= covered * covered;
      }
      const kinds = this.shards.pointer.kinds;
      const kind = kinds[this.columns[3]![ord]! & ~kindStart] ?? kinds[0]!;
      h.score = Math.round(h.score * kind.prior * 1e6) / 1e6;
      const b = best.get(h.start);
      if (!b || compareHits(h, b) < 0) {
        best.set(h.start, h);
      }
    }
    return [...best.values()].sort(compareHits);
  }

  private idf(df: number): number {
    const n = Math.max(this.shards.pointer.sections, df);
    return Math.log(1 + (n - df + 0.5) / (df + 0.5));
  }

  private start(ord: number): number {
    while (ord > 0 && !(this.columns[3]![ord]! & kindStart)) {
      ord--;
    }
    return ord;
  }
}

function compareHits(a: Hit, b: Hit): number {
  return a.tier - b.tier || b.score - a.score || a.ord - b.ord;
}
