// The search of the portal: a palette over any page and the search page. It
// is loaded on first intent and works on a host that only serves files.
//
// Classes, styled in css/search.css: .search-palette (the dialog),
// .search-box, .search-status, .search-results, .search-group,
// .search-group-title, .search-result with -title, -kind, -crumbs and -text,
// .search-empty, .search-keys; matches are <mark>.
import { element, store, stored } from "../dom";
import { Query } from "./query";
import { Answer, Result, Search } from "./rank";
import { Shards } from "./shards";
import { spans, term } from "./words";

export interface Options {
  /** root leads from this page to the site's root, such as "../../"; default: data-root of <html>. */
  root?: string;
}

/** How many results the palette shows, and the page at first. */
const paletteResults = 10;
const pageResults = 25;

const recentKey = "cb-search-recent";
const recentLimit = 8;

/** What kinds are called, one and many; the first word of others is their kind. */
const groups: [title: string, kinds: string[]][] = [
  ["Catalog", []],
  ["APIs", ["api"]],
  ["Documentation", ["docs"]],
  ["People and teams", ["group", "user"]],
  ["Portal", ["page"]],
];

interface Recent {
  u: string;
  t: string;
  k: string;
}

let search: Promise<Search> | undefined;

function base(options: Options): URL {
  return new URL(options.root ?? document.documentElement.dataset.root ?? "./", document.baseURI);
}

/** href makes a link of a site path. */
function href(options: Options, path: string): string {
  return new URL(path.replace(/^\//, ""), base(options)).href;
}

/** load opens the index once. */
function load(options: Options): Promise<Search> {
  search ??= Shards.open(async (name) => {
    const answer = await fetch(href(options, `search/${name}`), { cache: name === "index.json" ? "no-cache" : "default" });
    if (!answer.ok) {
      throw new Error(`search/${name} could not be loaded (${answer.status}).`);
    }
    return new Uint8Array(await answer.arrayBuffer());
  }).then((shards) => new Search(shards));
  search.catch(() => (search = undefined));
  return search;
}

function recents(): Recent[] {
  try {
    const list = JSON.parse(stored(recentKey) || "[]") as Recent[];
    return Array.isArray(list) ? list.filter((r) => typeof r.u === "string" && typeof r.t === "string" && r.u.startsWith("/")) : [];
  } catch {
    return [];
  }
}

/** remember puts an opened result first among the recent ones. */
function remember(r: Recent): void {
  store(recentKey, JSON.stringify([r, ...recents().filter((x) => x.u !== r.u)].slice(0, recentLimit)));
}

/** matches reports whether a word of a result is one the query found. */
function matches(q: Query, word: string): boolean {
  const stem = term(word);
  return q.words.some((w, i) => w.required && (w.variants.has(word) || w.variants.has(stem) || w.near.has(word) || w.near.has(stem) || (q.open && i === q.words.length - 1 && word.startsWith(w.word))));
}

/** marked returns a text with the query's words marked; of a long text, the part around the first. */
function marked(q: Query, text: string, most = Infinity): Node[] {
  const found = spans(text).filter((s) => matches(q, s.word));
  let from = 0;
  if (text.length > most && found[0] && found[0].start > most / 2) {
    from = text.indexOf(" ", found[0].start - most / 3) + 1;
  }
  const to = from + most >= text.length ? text.length : text.lastIndexOf(" ", from + most);
  const out: Node[] = [new Text(from > 0 ? "… " : "")];
  let at = from;
  for (const s of found) {
    if (s.start >= at && s.end <= to) {
      out.push(new Text(text.slice(at, s.start)), element("mark", {}, text.slice(s.start, s.end)));
      at = s.end;
    }
  }
  out.push(new Text(text.slice(at, to) + (to < text.length ? " …" : "")));
  return out;
}

/** item makes the link of one result. */
function item(options: Options, r: Result, q: Query, attributes: Record<string, string>): HTMLElement {
  const d = r.document;
  const name = r.section.h ? [...marked(q, r.section.h), element("span", { class: "search-result-page" }, d.t)] : marked(q, d.t);
  const owner = d.f.owner?.replace(/^.*[:/]/, "");
  const where = [(d.b ?? []).join(" › "), d.k === "docs" ? "" : d.f.type, owner && `owned by ${owner}`].filter(Boolean).join(" · ");
  const link = element("a", { class: "search-result", href: href(options, r.url), ...attributes },
    element("span", { class: "search-result-title" }, ...name),
    element("span", { class: "search-result-kind" }, d.k),
    element("span", { class: "search-result-crumbs" }, where));
  if (r.section.x) {
    link.append(element("span", { class: "search-result-text" }, ...marked(q, r.section.x, 160)));
  }
  link.addEventListener("click", () => remember({ u: r.url, t: r.section.h ? `${r.section.h} – ${d.t}` : d.t, k: d.k }));
  return link;
}

/** grouped sorts results into groups, in the order of their best ones. */
function grouped(results: Result[]): Map<string, Result[]> {
  const out = new Map<string, Result[]>();
  for (const r of results) {
    const title = (groups.find(([, kinds]) => kinds.includes(r.document.k)) ?? groups[0]!)[0];
    out.set(title, [...(out.get(title) ?? []), r]);
  }
  return out;
}

/** asksNothing reports a query of neither words nor facets. */
const asksNothing = (q: Query): boolean => !q.words.length && !q.filters.length;

/** summary says in words what came of a query. */
function summary(a: Answer, s: Search): string {
  const p = s.shards.pointer;
  if (asksNothing(a.query)) {
    return "";
  }
  const similar = a.query.words.filter((w) => !w.found.size && w.near.size).map((w) => `“${w.word}”`);
  if (!a.total) {
    return `Nothing matches. Searched the names, titles and text of all ${p.documents} pages.`;
  }
  return `${a.total} result${a.total === 1 ? "" : "s"}${similar.length ? ` for words like ${similar.join(" and ")}, found nowhere as typed` : ""}`;
}

/** latest runs a task so that only the last one started may finish it. */
function latest(): (run: () => Promise<() => void>, failed: (e: Error) => void) => void {
  let turn = 0;
  return (run, failed) => {
    const mine = ++turn;
    run().then(
      (show) => mine === turn && show(),
      (e: Error) => mine === turn && failed(e),
    );
  };
}

class Palette {
  private readonly input = element("input", { type: "search", role: "combobox", "aria-expanded": "false", "aria-controls": "search-palette-list", "aria-autocomplete": "list", "aria-label": "Search", placeholder: "Search services, docs, people", autocomplete: "off", spellcheck: "false", enterkeyhint: "go" }) as HTMLInputElement;
  private readonly list = element("div", { id: "search-palette-list", class: "search-results", role: "listbox", "aria-label": "Results" });
  private readonly status = element("p", { class: "search-status", role: "status" });
  private readonly all: HTMLAnchorElement;
  readonly dialog: HTMLDialogElement;
  private active = -1;
  private readonly run = latest();

  constructor(private readonly options: Options) {
    this.all = element("a", { href: href(options, "/search/") }, "All results") as HTMLAnchorElement;
    const keys = element("p", { class: "search-keys" }, element("kbd", {}, "↑"), element("kbd", {}, "↓"), " choose ", element("kbd", {}, "↵"), " open ", element("kbd", {}, "Esc"), " close ", this.all);
    this.dialog = element("dialog", { class: "search-palette", "aria-label": "Search" }, element("div", { class: "search-box field field-large" }, this.input), this.status, this.list, keys) as HTMLDialogElement;
    this.input.addEventListener("input", () => this.update());
    this.input.addEventListener("keydown", (e) => this.key(e));
    this.dialog.addEventListener("click", (e) => e.target === this.dialog && this.dialog.close());
    document.body.append(this.dialog);
  }

  open(): void {
    if (!this.dialog.open) {
      this.dialog.showModal();
    }
    this.input.focus();
    this.input.select();
    this.update();
  }

  private choices(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>("[role=option]")];
  }

  private key(e: KeyboardEvent): void {
    const all = this.choices();
    const n = all.length;
    if (e.isComposing || !n) {
      return;
    }
    const to: Record<string, number> = { ArrowDown: (this.active + 1) % n, ArrowUp: (Math.max(this.active, 0) - 1 + n) % n };
    if (e.ctrlKey && (e.key === "Home" || e.key === "End")) {
      to[e.key] = e.key === "Home" ? 0 : n - 1;
    }
    if (e.key in to) {
      e.preventDefault();
      this.choose(to[e.key]!);
    } else if (e.key === "Enter") {
      e.preventDefault();
      const link = all[Math.max(this.active, 0)]!;
      link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: e.ctrlKey, metaKey: e.metaKey }));
      if (!e.ctrlKey && !e.metaKey) {
        this.dialog.close();
      }
    }
  }

  private choose(n: number): void {
    const all = this.choices();
    this.active = n;
    all.forEach((o, i) => o.setAttribute("aria-selected", String(i === n)));
    if (all[n]) {
      this.input.setAttribute("aria-activedescendant", all[n].id);
      all[n].scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  private show(found: Map<string, HTMLElement[]>): void {
    let n = 0;
    this.list.replaceChildren(
      ...[...found].map(([title, items], g) => {
        items.forEach((i) => (i.id = `search-option-${n++}`));
        const id = `search-group-${g}`;
        return element("div", { class: "search-group", role: "group", "aria-labelledby": id }, element("div", { class: "search-group-title", id, role: "presentation" }, title), ...items);
      }),
    );
    this.input.setAttribute("aria-expanded", String(n > 0));
    this.choose(n > 0 ? 0 : -1);
  }

  private recent(): void {
    const attributes = { role: "option", tabindex: "-1", "aria-selected": "false" };
    const items = recents().map((r) => {
      const link = element("a", { class: "search-result", href: href(this.options, r.u), ...attributes }, element("span", { class: "search-result-title" }, r.t), element("span", { class: "search-result-kind" }, r.k));
      link.addEventListener("click", () => remember(r));
      return link;
    });
    this.status.textContent = items.length ? "" : "Type a name, a word or a few.";
    this.show(items.length ? new Map([["Recently opened", items]]) : new Map());
    this.input.setAttribute("aria-expanded", String(items.length > 0));
  }

  private update(): void {
    const text = this.input.value;
    this.all.href = href(this.options, "/search/") + (text.trim() ? `?q=${encodeURIComponent(text.trim())}` : "");
    this.run(
      async () => {
        const s = await load(this.options);
        const a = await s.query(text, paletteResults);
        return () => {
          if (asksNothing(a.query)) {
            this.recent();
            return;
          }
          this.status.textContent = summary(a, s);
          const items = new Map<string, HTMLElement[]>();
          for (const [title, results] of grouped(a.results)) {
            items.set(title, results.map((r) => item(this.options, r, a.query, { role: "option", tabindex: "-1", "aria-selected": "false" })));
          }
          this.show(items);
        };
      },
      (e) => {
        search = undefined; // the site may have been published anew: read its pointer again
        this.status.textContent = `Search does not work at the moment: ${e.message}`;
        this.show(new Map());
      },
    );
  }
}

let palette: Palette | undefined;

/** openPalette shows the palette over the page. */
export function openPalette(options: Options = {}): void {
  palette ??= new Palette(options);
  palette.open();
}

const isKind = (token: string, kind: string): boolean => token.toLowerCase() === `kind:${kind}`;

/** narrowed reports whether a query is narrowed to a kind; without takes that away. */
const narrowed = (text: string, kind: string): boolean => text.split(/\s+/).some((t) => isKind(t, kind));
const without = (text: string, kind: string): string => text.split(/\s+/).filter((t) => !isKind(t, kind)).join(" ");

/** mountSearchPage brings the search page to life: root holds the search form. */
export function mountSearchPage(root: HTMLElement, options: Options = {}): void {
  const input = root.querySelector<HTMLInputElement>("input[name=q]");
  if (!input) {
    return;
  }
  const out = root.querySelector<HTMLElement>("[data-results]") ?? root.appendChild(element("div"));
  const status = element("p", { class: "search-status", role: "status" });
  const list = element("div", { class: "search-results" });
  const filters = element("ul", { class: "search-filters", "aria-label": "Narrow by kind" });
  out.replaceChildren(filters, status, list);
  const run = latest();
  let shown = pageResults;
  let forgive = false;

  const show = (a: Answer, s: Search): void => {
    const empty = asksNothing(a.query);
    document.querySelectorAll<HTMLElement>("[data-search-idle]").forEach((e) => (e.hidden = !empty));
    status.textContent = summary(a, s);
    filters.replaceChildren(...[...a.kinds].map(([kind, count]) => element("li", {}, chip(kind, count))));
    list.replaceChildren(
      ...[...grouped(a.results)].map(([title, results]) =>
        element("section", { class: "search-group" }, element("h2", { class: "search-group-title" }, title),
          element("ul", {}, ...results.map((r) => element("li", {}, item(options, r, a.query, {})))))),
    );
    if (!empty && !a.total) {
      list.append(element("p", { class: "search-empty" }, "Try fewer or other words, or look through the ", element("a", { href: href(options, "/search/a-z/") }, "index from A to Z"), "."));
    }
    const rest = a.total > a.results.length;
    if (rest || (a.total && a.query.words.length && !forgive)) {
      const more = element("button", { type: "button", class: "button" }, rest ? `Show more of ${a.total}` : "Look for similar spellings too");
      more.addEventListener("click", () => {
        shown += pageResults;
        forgive ||= !rest;
        update();
      });
      list.append(more);
    }
  };

  /** chip makes the button that narrows to a kind, or no longer does. */
  const chip = (kind: string, count: number): HTMLElement => {
    const on = narrowed(input.value, kind);
    const button = element("button", { type: "button", class: "search-filter", "aria-pressed": String(on) }, kind, element("span", {}, String(count)));
    button.addEventListener("click", () => {
      input.value = on ? without(input.value, kind) : `${input.value.trim()} kind:${kind} `;
      typed();
    });
    return button;
  };

  const update = (): void =>
    run(
      async () => {
        const s = await load(options);
        const a = await s.query(input.value, shown, { kinds: true, forgive });
        return () => show(a, s);
      },
      (e) => {
        search = undefined;
        status.textContent = `Search does not work at the moment: ${e.message}`;
        list.replaceChildren();
      },
    );

  const typed = (): void => {
    const url = new URL(location.href);
    url.searchParams.delete("q");
    if (input.value.trim()) {
      url.searchParams.set("q", input.value.trim());
    }
    history.replaceState(history.state, "", url);
    shown = pageResults;
    forgive = false;
    update();
  };
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  input.addEventListener("input", typed);
  input.form?.addEventListener("submit", (e) => {
    e.preventDefault();
    typed();
  });
  input.focus();
  update();
}

/** init is mountSearchPage under the name the page loader calls. */
export const init = mountSearchPage;
