import { all } from "./dom";

/** foldSidebars closes sidebars on screens too narrow to show them beside the text, and unfolds everything for print. */
export function foldSidebars(): void {
  for (const fold of all<HTMLDetailsElement>("details[data-fold]")) {
    const summary = fold.querySelector("summary");
    if (summary && summary.offsetParent !== null) {
      fold.open = false;
    }
    fold.removeAttribute("data-fold"); // until now the style sheet hid what is inside
  }
  // Paper has no way to unfold.
  let folded: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    folded = all<HTMLDetailsElement>("main details:not([open])");
    folded.forEach((d) => (d.open = true));
  });
  addEventListener("afterprint", () => folded.forEach((d) => (d.open = false)));
  // Show where one is in a navigation longer than the screen, without moving the page.
  for (const current of all(".docs-side [aria-current]")) {
    const side = current.closest<HTMLElement>(".docs-side");
    if (side && side.scrollHeight > side.clientHeight) {
      side.scrollTop = current.offsetTop - side.clientHeight / 2;
    }
  }
}
