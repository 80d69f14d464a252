// The static index: its files and their binary format, which
// generator/search/FORMAT.md describes. Every file is checked before it is
// used; a damaged one gives an error that says so, never a wrong result.

/** The version of the files this code reads. */
const format = 1;
const analysis = "en-1";

/** Fields of a section, in the order of the bits of a posting's mask. */
export const fields = { text: 0, title: 1, name: 2, facet: 6, count: 7 } as const;

export interface Weights {
  fields: number[];
  length: number[];
  average: number[];
  k1: number;
  exact: number;
  prefix: number;
  partial: number;
  ending: number;
  joined: number;
  typo: number[];
}

/** Pointer is search/index.json. */
export interface Pointer {
  format: number;
  analysis: string;
  documents: number;
  sections: number;
  blockBits: number;
  text: [number, number];
  kinds: { name: string; prior: number }[];
  weights: Weights;
  terms: { from: string; file: string }[];
  lexicon: string;
  lengths: string[];
  store: string[];
}

/** Stored is what a result shows of a document. */
export interface Stored {
  u: string;
  t: string;
  k: string;
  b?: string[];
  f: { type?: string; owner?: string; system?: string; lifecycle?: string; tags?: string[] };
  s: { i?: string; h?: string; x?: string }[];
}

/** A posting: a section, the term's frequency in each of its fields, and the lengths of title and name. */
export interface Posting {
  ord: number;
  tf: number[];
  title: number;
  name: number;
}

interface Lists {
  terms: string[];
  offsets: number[];
  bytes: Uint8Array;
}

const lengthsBits = 15;

function damaged(what: string): Error {
  return new Error(`a file of the search index is damaged: ${what}`);
}

/** compare orders strings by code points, as their UTF-8 bytes sort. */
export function compare(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x !== y) {
      // Surrogates stand for characters above all others.
      x += x >= 0xd800 && x < 0xe000 ? 0x10000 : 0;
      y += y >= 0xd800 && y < 0xe000 ? 0x10000 : 0;
      return x - y;
    }
  }
  return a.length - b.length;
}

/** lowerBound returns the index of the first item that is not below. */
function lowerBound(length: number, below: (i: number) => boolean): number {
  let lo = 0;
  let hi = length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (below(mid)) {
      lo = mid + 1;
    } else {
      hi = mid;
    }
  }
  return lo;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) {
    n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  }
  return n;
});

function crc32(b: Uint8Array): number {
  let c = 0xffffffff;
  for (const x of b) {
    c = crcTable[(c ^ x) & 255]! ^ (c >>> 8);
  }
  return ~c >>> 0;
}

/** unpack decompresses a file, unless the server already did, and checks its header. */
async function unpack(kind: string, packed: Uint8Array): Promise<Uint8Array> {
  let b = packed;
  if (b[0] === 0x1f && b[1] === 0x8b) {
    try {
      const stream = new Blob([b as BlobPart]).stream().pipeThrough(new DecompressionStream("gzip"));
      b = new Uint8Array(await new Response(stream).arrayBuffer());
    } catch {
      throw damaged("it does not decompress");
    }
  }
  if (b.length < 9 || b[0] !== 67 || b[1] !== 66 || b[2] !== 83) {
    throw damaged("it is not a search shard");
  }
  if (b[3] !== format) {
    throw new Error(`the search index has format ${b[3]}; this page reads ${format}. Reload the page.`);
  }
  if (b[4] !== kind.charCodeAt(0)) {
    throw damaged("it is another kind of shard");
  }
  const payload = b.subarray(9);
  if (new DataView(b.buffer, b.byteOffset).getUint32(5) !== crc32(payload)) {
    throw damaged("the checksum differs");
  }
  return payload;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Bytes reads varints and strings. */
class Bytes {
  at = 0;
  constructor(readonly b: Uint8Array) {}

  byte(): number {
    if (this.at >= this.b.length) {
      throw damaged("it ends too early");
    }
    return this.b[this.at++]!;
  }

  uint(): number {
    let v = 0;
    for (let scale = 1; ; scale *= 128) {
      const c = this.byte();
      v += (c & 127) * scale;
      if (v > 0x7fffffff) {
        throw damaged("a number is too large");
      }
      if (c < 128) {
        return v;
      }
    }
  }

  /** terms reads n front-coded terms, calling each after every one. */
  terms(each: () => void = () => {}): string[] {
    const n = this.uint();
    const out: string[] = [];
    let buffer = new Uint8Array(256);
    let last = 0;
    while (out.length < n) {
      const shared = this.uint();
      const rest = this.uint();
      if (shared > last || this.at + rest > this.b.length) {
        throw damaged("a term is cut off");
      }
      if (shared + rest > buffer.length) {
        const larger = new Uint8Array(2 * (shared + rest));
        larger.set(buffer);
        buffer = larger;
      }
      buffer.set(this.b.subarray(this.at, this.at + rest), shared);
      this.at += rest;
      last = shared + rest;
      out.push(decoder.decode(buffer.subarray(0, last)));
      each();
    }
    return out;
  }
}

function decodeLists(b: Uint8Array): Lists {
  const d = new Bytes(b);
  const sizes: number[] = [];
  const terms = d.terms(() => sizes.push(d.uint()));
  let at = d.at;
  const offsets = sizes.map((size) => (at += size) - size);
  offsets.push(at);
  if (at !== b.length) {
    throw damaged("postings are missing");
  }
  return { terms, offsets, bytes: b };
}

function decodePostings(b: Uint8Array, sections: number): Posting[] {
  const d = new Bytes(b);
  const n = d.uint() >> 1;
  const out: Posting[] = [];
  let ord = 0;
  for (let i = 0; i < n; i++) {
    const v = d.uint();
    ord += v >>> 2;
    const tf = [0, 0, 0, 0, 0, 0, 0];
    const p = { ord, tf, title: 0, name: 0 };
    switch (v & 3) {
      case 2:
        tf[fields.text] = d.byte();
        break;
      case 3: {
        const mask = d.byte();
        for (let f = 0; f < fields.count; f++) {
          if (mask & (1 << f)) {
            tf[f] = d.byte();
          }
        }
        p.title = mask & (1 << fields.title) ? d.byte() : 0;
        p.name = mask & (1 << fields.name) ? d.byte() : 0;
        break;
      }
      default:
        tf[fields.text] = (v & 3) + 1;
    }
    if (ord >= sections) {
      throw damaged("a posting names a section that does not exist");
    }
    out.push(p);
  }
  if (d.at !== b.length) {
    throw damaged("there are bytes after the end");
  }
  return out;
}

/** lengthSteps are the numbers of words that a byte of the lengths stands for. */
export const lengthSteps = Array.from({ length: 64 }, (_, i) => (i < 8 ? i : (4 + (i % 4)) * 2 ** ((i >> 2) - 1)));

/** The first section of a document has this bit in its kind. */
export const kindStart = 0x80;

/** Shards loads the files of an index when they are needed, each once. */
export class Shards {
  private files = new Map<string, Promise<unknown>>();
  private allColumns: Promise<Uint8Array[]> | undefined;

  /** load fetches a file of the search folder by its name. */
  constructor(
    readonly pointer: Pointer,
    private load: (name: string) => Promise<Uint8Array>,
  ) {}

  /** open reads the pointer. */
  static async open(load: (name: string) => Promise<Uint8Array>): Promise<Shards> {
    const p = JSON.parse(new TextDecoder().decode(await load("index.json"))) as Pointer;
    if (p.format !== format || p.analysis !== analysis) {
      throw new Error(`the search index has format ${p.format} (${p.analysis}); this page reads ${format} (${analysis}). Reload the page.`);
    }
    return new Shards(p, load);
  }

  private once<T>(kind: string, name: string, decode: (payload: Uint8Array) => T): Promise<T> {
    let p = this.files.get(name) as Promise<T> | undefined;
    if (!p) {
      p = this.load(name)
        .then((packed) => unpack(kind, packed))
        .then(decode);
      p.catch(() => this.files.delete(name)); // the network may be back the next time
      this.files.set(name, p);
    }
    return p;
  }

  /** number of the shard that would hold a term, -1 for none. */
  private shardOf(term: string): number {
    const t = this.pointer.terms;
    return lowerBound(t.length, (i) => compare(t[i]!.from, term) <= 0) - 1;
  }

  private lists(n: number): Promise<Lists> {
    return this.once("t", this.pointer.terms[n]!.file, decodeLists);
  }

  /** sections is above every section's number. */
  private get sections(): number {
    return this.pointer.store.length * 2 ** this.pointer.blockBits;
  }

  /** postings returns where a term stands. */
  async postings(term: string): Promise<Posting[]> {
    const n = this.shardOf(term);
    if (n < 0) {
      return [];
    }
    const l = await this.lists(n);
    const i = lowerBound(l.terms.length, (i) => compare(l.terms[i]!, term) < 0);
    return l.terms[i] === term ? decodePostings(l.bytes.subarray(l.offsets[i], l.offsets[i + 1]), this.sections) : [];
  }

  /** withPrefix returns the terms that begin with prefix, in order. */
  async withPrefix(prefix: string): Promise<string[]> {
    const all = this.pointer.terms;
    const first = Math.max(this.shardOf(prefix), 0);
    let end = Math.min(first + 1, all.length);
    while (end < all.length && all[end]!.from.startsWith(prefix)) {
      end++;
    }
    const shards = await Promise.all(all.slice(first, end).map((_, i) => this.lists(first + i)));
    const out: string[] = [];
    for (const l of shards) {
      for (let i = lowerBound(l.terms.length, (i) => compare(l.terms[i]!, prefix) < 0); l.terms[i]?.startsWith(prefix); i++) {
        out.push(l.terms[i]!);
      }
    }
    return out;
  }

  /** lexicon returns the terms in which typing mistakes are forgiven. */
  lexicon(): Promise<string[]> {
    return this.once("x", this.pointer.lexicon, (b) => new Bytes(b).terms());
  }

  /** columns returns, for all sections, the length of the text and the kind. */
  columns(): Promise<Uint8Array[]> {
    if (!this.allColumns) {
      this.allColumns = this.readColumns();
      this.allColumns.catch(() => (this.allColumns = undefined));
    }
    return this.allColumns;
  }

  private async readColumns(): Promise<Uint8Array[]> {
    const total = this.sections;
    const out = [0, 1].map(() => new Uint8Array(total));
    const parts = await Promise.all(this.pointer.lengths.map((name) => this.once("l", name, (b) => b)));
    parts.forEach((b, i) => {
      const at = i << lengthsBits;
      const n = Math.min(total - at, 1 << lengthsBits);
      if (n <= 0 || b.length !== 2 * n) {
        throw damaged("it has the wrong size");
      }
      out.forEach((column, c) => column.set(b.subarray(c * n, (c + 1) * n), at));
    });
    return out;
  }

  /** stored returns the document whose first section is start. */
  async stored(start: number): Promise<Stored> {
    const n = start >>> this.pointer.blockBits;
    const docs = await this.once("s", this.pointer.store[n]!, (b) => JSON.parse(decoder.decode(b)) as Stored[]);
    let at = n * 2 ** this.pointer.blockBits;
    for (const d of docs) {
      if (at === start) {
        return d;
      }
      at += d.s.length;
    }
    throw damaged("a document is not there");
  }
}
