// What a query means: generator/search/query.go, step for step.
import { fold, isStop, isWordChar, lower, term, words } from "./words";

const maxQuery = 256; // bytes
const maxQueryWords = 12;

/** The words that narrow a query when a colon follows them. */
const facetNames = ["kind", "type", "owner", "system", "lifecycle", "tag"];

/** White space as the reference knows it. */
const space = "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const spaces = new RegExp(`^${space}+`);
const spaceOrEnd = new RegExp(`${space}|$`);

/** Word is one word of a query: the terms that stand for it, with weights. */
export interface Word {
  word: string;
  stem: string;
  variants: Map<string, number>;
  /** required: not a stop word; must: quoted. */
  required: boolean;
  must: boolean;
  found: Map<number, number>;
  typos: Map<number, number>;
  /** near are the terms that were read as typing mistakes. */
  near: Set<string>;
}

/** Filter narrows a query to documents with one of some facet values. */
export interface Filter {
  facet: string;
  terms: string[];
  open: boolean;
}

export interface Query {
  words: Word[];
  key: string;
  open: boolean;
  required: number;
  must: number;
  filters: Filter[];
  without: Filter[];
  unwanted: Word[];
  /** First sections of the documents that filters allow, undefined for all, and of those never to be found. */
  only: Set<number> | undefined;
  never: Set<number>;
}

interface Token {
  text: string;
  quoted: boolean;
  minus: boolean;
  last: boolean;
}

/** length counts characters. */
export const length = (s: string): number => [...s].length;

function clip(s: string, n: number): string {
  const b = new TextEncoder().encode(s);
  return b.length <= n ? s : new TextDecoder().decode(b.subarray(0, n)).replace(/\uFFFD/g, "");
}

/** addVariant adds a term unless it is there already. */
export function addVariant(w: Word, t: string, weight: number): void {
  if (!w.variants.has(t)) {
    w.variants.set(t, weight);
  }
}

function facetTerm(facet: string, value: string): string {
  if (facet === "owner" || facet === "system") {
    value = value.replace(/^.*[:/]/s, "");
  }
  const joined = value.split(new RegExp(`${space}+`)).filter(Boolean).join("-");
  return `${facet}:${[...fold(joined)].map(lower).join("")}`;
}

/** tokens cuts a query at spaces, but not inside closed quotes. */
function tokens(text: string): Token[] {
  const out: Token[] = [];
  for (;;) {
    text = text.replace(spaces, "");
    if (!text) {
      return out;
    }
    const minus = /^-[^\t-\r ]/.test(text);
    text = minus ? text.slice(1) : text;
    const end = text[0] === '"' ? text.indexOf('"', 1) : -1;
    const quoted = end > 0;
    const stop = quoted ? end : text.search(spaceOrEnd);
    const token = text.slice(quoted ? 1 : 0, stop);
    text = text.slice(quoted ? stop + 1 : stop);
    out.push({ text: token, quoted, minus, last: !text });
  }
}

/** parse reads a query: words, "quoted words", -words and facets such as owner:team-a. */
export function parse(input: string, joined: number): Query {
  const q: Query = { words: [], key: "", open: false, required: 0, must: 0, filters: [], without: [], unwanted: [], only: undefined, never: new Set() };
  for (const t of tokens(clip(input, maxQuery))) {
    const open = t.last && !t.quoted && isWordChar([...t.text].pop() ?? "");
    const colon = t.text.indexOf(":");
    const facet = t.text.slice(0, Math.max(colon, 0)).toLowerCase();
    if (colon >= 0 && !t.quoted && facetNames.includes(facet)) {
      const value = t.text.slice(colon + 1);
      if (value) {
        addFilter(t.minus ? q.without : q.filters, facet, value, open && !t.minus);
      }
      continue;
    }
    q.open = open && !t.minus;
    for (const w of words(t.text)) {
      if (!addWord(q, w, t)) {
        q.open = false;
        break;
      }
    }
  }
  finish(q, joined);
  return q;
}

function addFilter(list: Filter[], facet: string, value: string, open: boolean): void {
  let f = list.find((f) => f.facet === facet);
  if (!f) {
    list.push((f = { facet, terms: [], open }));
  }
  f.terms.push(facetTerm(facet, value));
  f.open = open;
}

function addWord(q: Query, w: string, t: Token): boolean {
  if (q.words.length + q.unwanted.length === maxQueryWords) {
    return false;
  }
  const word: Word = { word: w, stem: term(w), variants: new Map([[w, 1]]), required: !isStop(w), must: t.quoted && !isStop(w), found: new Map(), typos: new Map(), near: new Set() };
  if (word.stem) {
    addVariant(word, word.stem, 1);
  }
  if (t.minus) {
    q.unwanted.push(word);
    return true;
  }
  q.words.push(word);
  q.key += w.replaceAll("'", "");
  return true;
}

/** finish counts the words and adds neighbours run together. */
function finish(q: Query, joined: number): void {
  q.required = q.words.filter((w) => w.required).length;
  q.must = q.words.filter((w) => w.must).length;
  if (q.required === 0) {
    q.words.forEach((w) => (w.required = true));
    q.required = q.words.length;
  }
  for (let i = 1; i < q.words.length; i++) {
    const [a, b] = [q.words[i - 1]!, q.words[i]!];
    if (!a.must && !b.must) {
      addVariant(a, a.word + b.word, joined);
      addVariant(b, a.word + b.word, joined);
    }
  }
}
