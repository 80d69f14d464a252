import { all } from "./dom";

interface Search {
  /** init brings the search page to life. */
  init(root: HTMLElement): void;
  /** openPalette shows the palette over the page. */
  openPalette?(): void;
}

let loading: Promise<Search> | undefined;

/** load fetches the search code once, on first intent. */
function load(): Promise<Search> | undefined {
  const url = document.documentElement.dataset.search;
  if (!url) {
    return undefined;
  }
  loading ??= import(new URL(url, document.baseURI).href) as Promise<Search>;
  loading.catch(() => (loading = undefined));
  return loading;
}

async function open(fallback: string): Promise<void> {
  try {
    const search = await load();
    if (search?.openPalette) {
      search.openPalette();
      return;
    }
  } catch {
    // The code could not be fetched; the page it stands for still can.
  }
  location.href = fallback;
}

/** openPaletteOnIntent upgrades the search link, wires Ctrl-K and ⌘K, and starts the search page. */
export function openPaletteOnIntent(): void {
  const page = document.getElementById("search");
  const link = all<HTMLAnchorElement>("a[data-palette]")[0];
  const apple = /Mac|iPhone|iPad/.test(navigator.platform);
  for (const key of all("[data-shortcut]")) {
    key.textContent = apple ? "⌘ K" : "Ctrl K";
  }
  for (const form of all<HTMLFormElement>("form[data-search-form]")) {
    form.addEventListener("submit", (event) => {
      if (!event.defaultPrevented && !page) {
        event.preventDefault(); // the policy of some hosts forbids forms; going there is the same
        const query = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
        location.href = `${form.action}?${query}`;
      }
    });
  }
  if (page) {
    load()?.then((search) => search.init(page)).catch(() => undefined);
  }
  if (!link) {
    return;
  }
  for (const intent of ["pointerenter", "focus", "touchstart"]) {
    link.addEventListener(intent, () => void load()?.catch(() => undefined), { once: true, passive: true });
  }
  link.addEventListener("click", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      void open(link.href);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      void open(link.href);
    }
  });
}
