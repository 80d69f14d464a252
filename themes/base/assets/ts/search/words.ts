// Text to words to terms, exactly as generator/search/words.go and bleve's
// English filters do it. A test in generator/search compares both sides.

/** The longest word, in characters, that is indexed. */
const maxWord = 40;

const wordChar = /[\p{L}\p{N}\p{M}]/u;
const accents = /[\u0300-\u036f]/g;

/** isWordChar reports whether a character can stand in a word. */
export const isWordChar = (c: string): boolean => wordChar.test(c);

function isIdeograph(c: string): boolean {
  const r = c.codePointAt(0)!;
  return (r >= 0x3040 && r <= 0x30ff) || (r >= 0x3400 && r <= 0x4dbf) || (r >= 0x4e00 && r <= 0x9fff) || (r >= 0x20000 && r <= 0x3134f);
}

/** fold takes compatibility forms and accents away. */
export const fold = (s: string): string => s.normalize("NFKD").replace(accents, "");

/** lower is lower case of one character, never longer than it. */
export const lower = (c: string): string => (c === "\u0130" ? "i" : c.toLowerCase());

/** words returns the words of a text, folded. */
export function words(text: string): string[] {
  const out: string[] = [];
  let word = "";
  let chars = 0;
  let run = ""; // the last ideograph
  let single = false;
  const flush = () => {
    word = word.replace(/'$/, "");
    if (word && chars <= maxWord) {
      out.push(word);
    }
    word = "";
    chars = 0;
  };
  const flushRun = () => {
    if (single) {
      out.push(run);
    }
    run = "";
    single = false;
  };
  for (const c of fold(text)) {
    if (isIdeograph(c)) {
      flush();
      if (run) {
        out.push(run + c);
      }
      single = !run;
      run = c;
      continue;
    }
    flushRun();
    if (isWordChar(c)) {
      if (++chars <= maxWord) {
        word += lower(c);
      }
    } else if (/['’＇]/.test(c) && word && !word.endsWith("'")) {
      if (++chars <= maxWord) {
        word += "'";
      }
    } else {
      flush();
    }
  }
  flushRun();
  flush();
  return out;
}

/** spans returns the words of a text with where they stand in it. */
export function spans(text: string): { word: string; start: number; end: number }[] {
  const out = [];
  for (const m of text.matchAll(/[\p{L}\p{N}\p{M}]+(?:['’＇][\p{L}\p{N}\p{M}]+)*/gu)) {
    for (const word of words(m[0])) {
      out.push({ word, start: m.index, end: m.index + m[0].length });
    }
  }
  return out;
}

const stopWords = new Set(
  ("a about above after again against all am an and any are aren't as at be because been before being below between both but by can't cannot could couldn't did didn't do does doesn't doing don't down during each few for from further had hadn't has hasn't have haven't having he he'd he'll he's her here here's hers herself him himself his how how's i i'd i'll i'm i've if in into is isn't it it's its itself let's me more most mustn't my myself no nor not of off on once only or other ought our ours ourselves out over own same shan't she she'd she'll she's should shouldn't so some such than that that's the their theirs them themselves then there there's these they they'd they'll they're they've this those through to too under until up very was wasn't we we'd we'll we're we've were weren't what what's when when's where where's which while who who's whom why why's with won't would wouldn't you you'd you'll you're you've your yours yourself yourselves").split(" "),
);

const possessive = (w: string): string => w.replace(/'s$/, "");

/** isStop reports whether prose is indexed without a word. */
export const isStop = (w: string): boolean => stopWords.has(possessive(w));

/** term returns the stem of a word, as titles and prose are indexed. */
export function term(word: string): string {
  const w = possessive(word);
  return [...w].length > 2 ? stem(w) : w;
}

// The Porter stemmer ("An algorithm for suffix stripping", 1980) with the
// small departures of the implementation that bleve uses. Vowels and
// consonants are written "v" and "c", one letter for each character.

function shape(w: string): string {
  let out = "";
  for (const c of w) {
    out += "aeiou".includes(c) || (c === "y" && out.endsWith("c")) ? "v" : "c";
  }
  return out;
}

const measure = (w: string): number => shape(w).split("vc").length - 1;
const hasVowel = (w: string): boolean => shape(w).includes("v");
const doubled = (w: string): boolean => /(.)\1$/u.test(w) && shape(w).endsWith("c");
const short = (w: string): boolean => shape(w).endsWith("cvc") && !/[wxy]$/.test(w);

/** cut returns w without an ending, or undefined; nothing is only an ending. */
const cut = (w: string, ending: string): string | undefined =>
  w.length > ending.length && w.endsWith(ending) ? w.slice(0, -ending.length) : undefined;

const pairs = (list: string): [string, string][] => list.split(" ").map((p) => p.split(":") as [string, string]);
const step2 = pairs("ational:ate tional:tion enci:ence anci:ance izer:ize bli:ble alli:al entli:ent eli:e ousli:ous ization:ize ation:ate ator:ate alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive biliti:ble logi:log");
const step3 = pairs("icate:ic ative: alize:al iciti:ic ical:ic ful: ness:");
const step4 = pairs("al: ance: ence: er: ic: able: ible: ant: ement: ment: ent: ion: ou: ism: ate: iti: ous: ive: ize:");

/** replace applies the first rule whose ending w has, if enough is left of w. */
function replace(w: string, rules: [string, string][], least: number): string {
  for (const [ending, by] of rules) {
    const rest = cut(w, ending);
    if (rest !== undefined) {
      return measure(rest) >= least && (ending !== "ion" || /[st]$/.test(rest)) ? rest + by : w;
    }
  }
  return w;
}

function step1(w: string): string {
  if (cut(w, "sses") !== undefined || cut(w, "ies") !== undefined) {
    w = w.slice(0, -2);
  } else if (cut(w, "ss") === undefined) {
    w = cut(w, "s") ?? w;
  }
  const eed = cut(w, "eed");
  const rest = cut(w, "ed") ?? cut(w, "ing");
  if (eed !== undefined) {
    w = measure(eed) > 0 ? w.slice(0, -1) : w;
  } else if (rest !== undefined && hasVowel(rest)) {
    if (["at", "bl", "iz"].some((e) => cut(rest, e) !== undefined)) {
      w = rest + "e";
    } else if (doubled(rest) && !/[lsz]$/.test(rest)) {
      w = [...rest].slice(0, -1).join("");
    } else {
      w = measure(rest) === 1 && short(rest) ? rest + "e" : rest;
    }
  }
  return w.length > 1 && w.endsWith("y") && hasVowel(w.slice(0, -1)) ? w.slice(0, -1) + "i" : w;
}

function stem(word: string): string {
  let w = replace(replace(replace(step1(word), step2, 1), step3, 1), step4, 2);
  if (w.endsWith("e")) {
    const rest = w.slice(0, -1);
    const m = measure(rest);
    if (m > 1 || (m === 1 && !short(rest))) {
      w = rest;
    }
  }
  return w.length > 2 && w.endsWith("ll") && measure(w.slice(0, -1)) > 1 ? w.slice(0, -1) : w;
}
