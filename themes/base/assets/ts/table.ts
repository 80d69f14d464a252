import { all, element } from "./dom";

/** enhanceTables makes headers of tables sort them, and filter fields narrow them. */
export function enhanceTables(): void {
  for (const table of all<HTMLTableElement>("table[data-sortable]")) {
    sortable(table);
  }
  for (const label of all("[data-filter]")) {
    const table = document.getElementById(label.dataset.filter ?? "");
    const input = label.querySelector("input");
    if (table instanceof HTMLTableElement && input) {
      filter(table, input);
    }
  }
}

const compare = new Intl.Collator(document.documentElement.lang || "en", { numeric: true, sensitivity: "base" }).compare;

function sortable(table: HTMLTableElement): void {
  const headers = [...(table.tHead?.rows[0].cells ?? [])];
  headers.forEach((header, column) => {
    const button = element("button", { type: "button", class: "sort" }, ...header.childNodes);
    header.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = header.getAttribute("aria-sort") === "ascending";
      sortBy(table, column, down);
      if (table.id) {
        remember("sort", (down ? "-" : "") + column);
      }
    });
  });
  const wanted = table.id ? new URLSearchParams(location.search).get("sort") : null;
  if (wanted && /^-?\d+$/.test(wanted) && headers[Math.abs(parseInt(wanted))]) {
    sortBy(table, Math.abs(parseInt(wanted)), wanted.startsWith("-"));
  }
}

function sortBy(table: HTMLTableElement, column: number, down: boolean): void {
  const key = (row: HTMLTableRowElement) => {
    const cell = row.cells[column];
    return cell?.dataset.sort ?? cell?.querySelector("a")?.textContent ?? cell?.textContent?.trim() ?? "";
  };
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => ({ row, key: key(row).trim() }));
  rows.sort((a, b) => {
    if (!a.key || !b.key) {
      return (a.key ? 0 : 1) - (b.key ? 0 : 1); // what is unknown comes last either way
    }
    return down ? compare(b.key, a.key) : compare(a.key, b.key);
  });
  body.append(...rows.map(({ row }) => row));
  for (const header of table.tHead?.rows[0].cells ?? []) {
    header.removeAttribute("aria-sort");
  }
  table.tHead?.rows[0].cells[column].setAttribute("aria-sort", down ? "descending" : "ascending");
}

function filter(table: HTMLTableElement, input: HTMLInputElement): void {
  const rows = [...table.tBodies[0].rows].map((row) => ({ row, text: (row.textContent ?? "").toLowerCase() }));
  const count = document.querySelector<HTMLElement>("[data-count]");
  const none = document.querySelector<HTMLElement>("[data-none]");
  let later: number | undefined;
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, text } of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    if (count) {
      count.hidden = words.length === 0;
      count.textContent = (count.dataset.text ?? "").replace("{shown}", `${shown}`).replace("{total}", `${rows.length}`);
    }
    if (none) {
      none.hidden = shown > 0;
    }
    clearTimeout(later); // browsers limit how often the address may change
    later = setTimeout(() => remember("filter", input.value.trim()), 250);
  };
  input.value = new URLSearchParams(location.search).get("filter") ?? "";
  if (input.value) {
    apply();
  }
  input.addEventListener("input", apply);
}

/** remember keeps the state of a list in the address, so that it can be shared. */
function remember(name: string, value: string): void {
  const url = new URL(location.href);
  if (value) {
    url.searchParams.set(name, value);
  } else {
    url.searchParams.delete(name);
  }
  history.replaceState(history.state, "", url);
}
