// The ranker: generator/search/rank.go, step for step. Change both together;
// a test in generator/search compares their answers.
import { addVariant, Filter, length, parse, Query } from "./query";
import { fields, kindStart, lengthSteps, Posting, Shards, Stored } from "./shards";

const endings = "ables ations ators edly ements encies ers es fully ibilities ical ically ies ilities ings ities ives ization izations izers ments nesses ously ying".split(" ");

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
  /** kinds counts the documents found by kind. */
  kinds: Map<string, number>;
}

interface Hit {
  start: number;
  ord: number;
  tier: number;
  score: number;
}

/** few is how many documents with all words, or with one word, are few enough to ask whether a word was meant otherwise. */
const few = 2;

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

  /**
   * query returns the n best documents for a text, for n < 0 all that match.
   * Typing mistakes in all words are forgiven then, or if asked for; otherwise
   * only where the words as typed find little. Kinds are counted if asked for.
   */
  async query(text: string, n: number, { kinds = false, forgive = n < 0 } = {}): Promise<Answer> {
    const p = this.shards.pointer;
    const q = parse(text, p.weights.joined);
    if (!q.words.length && !q.filters.length) {
      return { query: q, results: [], total: 0, kinds: new Map() };
    }
    this.average = [p.text[0] / Math.max(p.text[1], 1), ...p.weights.average.slice(1)];
    [this.columns] = await Promise.all([this.shards.columns(), this.expand(q), ...q.words.map((w) => this.shards.postings(w.word))]);
    await this.narrow(q);
    const hits = q.words.length ? await this.find(q, forgive) : this.listing(q);
    const shown = n < 0 ? hits : hits.slice(0, n);
    return { query: q, results: await Promise.all(shown.map((h) => this.result(h))), total: hits.length, kinds: kinds ? await this.kinds(hits) : new Map() };
  }

  /** find ranks the documents in which words stand. */
  private async find(q: Query, forgive: boolean): Promise<Hit[]> {
    for (const w of q.words) {
      w.found = await this.frequencies(w.variants);
    }
    const names = await this.names(q);
    const hits = this.score(q, names);
    const { exact } = this.shards.pointer.weights;
    if (!forgive && (hits[few]?.tier === 0 || [...names.values()].includes(exact))) {
      return hits;
    }
    await this.forgive(q, forgive);
    return this.score(q, names);
  }

  /** listing answers a query of facets alone: everything they allow. */
  private listing(q: Query): Hit[] {
    return [...q.only!]
      .filter((start) => allows(q, start))
      .map((start) => ({ start, ord: start, tier: 0, score: this.prior(start) }))
      .sort(compareHits);
  }

  /** kinds counts the documents found by kind. */
  private async kinds(hits: Hit[]): Promise<Map<string, number>> {
    const starts = new Set(hits.map((h) => h.start));
    const out = new Map<string, number>();
    for (const t of hits.length ? await this.shards.withPrefix("kind:") : []) {
      const n = (await this.shards.postings(t)).filter((p) => starts.has(p.ord)).length;
      if (n) {
        out.set(t.slice(5), n);
      }
    }
    return out;
  }

  /** narrow works out which documents filters and unwanted words leave. */
  private async narrow(q: Query): Promise<void> {
    for (const f of q.filters) {
      const fits = await this.fitting(f);
      const only = q.only;
      q.only = only ? new Set([...fits].filter((start) => only.has(start))) : fits;
    }
    for (const f of q.without) {
      (await this.fitting(f)).forEach((start) => q.never.add(start));
    }
    for (const w of q.unwanted) {
      for (const t of w.variants.keys()) {
        (await this.shards.postings(t)).forEach((p) => q.never.add(this.start(p.ord)));
      }
    }
  }

  /** fitting returns the first sections of the documents that a filter fits. */
  private async fitting(f: Filter): Promise<Set<number>> {
    const more = f.open ? await this.shards.withPrefix(f.terms[f.terms.length - 1]!) : [];
    const out = new Set<number>();
    for (const t of [...f.terms, ...more]) {
      for (const p of await this.shards.postings(t)) {
        if (p.tf[fields.facet]) {
          out.add(this.start(p.ord));
        }
      }
    }
    return out;
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
    const last = q.words[q.words.length - 1];
    const n = length(last?.word ?? "");
    if (!q.open || !last || n < 2) {
      return;
    }
    for (const t of await this.shards.withPrefix(last.word)) {
      if (!/[=:]/.test(t)) {
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
        const n = f === fields.text ? lengthSteps[this.columns[0]![p.ord]!]! : f === fields.title ? p.title : p.name;
        x /= 1 - b + (b * n) / this.average[f]!;
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

  /** forgive looks for words one or two typing mistakes away from all words, or from those that hardly occur. */
  private async forgive(q: Query, all: boolean): Promise<void> {
    const list = q.words.filter((w) => w.required && !w.must && mistakes(w.word) && (all || w.found.size <= few));
    const lexicon = list.length ? await this.shards.lexicon() : [];
    for (const w of list) {
      const allowed = mistakes(w.word);
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
    const sums = new Map<number, { score: number; exact: number; fuzzed: number; must: number }>();
    const at = (ord: number) => {
      let s = sums.get(ord);
      if (!s) {
        sums.set(ord, (s = { score: 0, exact: 0, fuzzed: 0, must: 0 }));
      }
      return s;
    };
    for (const w of q.words) {
      const idf = this.idf(w.found.size);
      for (const [ord, f] of w.found) {
        const s = at(ord);
        s.score += (idf * f * (k1 + 1)) / (k1 + f);
        s.exact += w.required ? 1 : 0;
        s.must += w.must ? 1 : 0;
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
      if (s.must < q.must || !allows(q, h.start)) {
        continue;
      }
      if (s.exact < q.required) {
        h.tier = 1;
        const covered = Math.min(s.exact + s.fuzzed, q.required) / q.required;
        h.score *= covered * covered;
      }
      h.score = Math.round(h.score * this.prior(ord) * 1e6) / 1e6;
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

  /** prior returns the prior of a section's kind. */
  private prior(ord: number): number {
    const { kinds } = this.shards.pointer;
    return (kinds[this.columns[1]![ord]! & ~kindStart] ?? kinds[0]!).prior;
  }

  private start(ord: number): number {
    while (ord > 0 && !(this.columns[1]![ord]! & kindStart)) {
      ord--;
    }
    return ord;
  }
}

/** allows reports whether filters and unwanted words leave a document in. */
const allows = (q: Query, start: number): boolean => (!q.only || q.only.has(start)) && !q.never.has(start);

function compareHits(a: Hit, b: Hit): number {
  return a.tier - b.tier || b.score - a.score || a.ord - b.ord;
}
