import { all } from "./dom";

/** foldSidebars unfolds sidebars on wide screens where the style sheet cannot, and everything for print. */
export function foldSidebars(): void {
  if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 62rem)").matches) {
    all<HTMLDetailsElement>("details[data-fold]").forEach((fold) => (fold.open = true));
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
