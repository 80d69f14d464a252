import { all } from "./dom";

/** spyOnHeadings marks, in navigation with data-spy, the section being read. */
export function spyOnHeadings(): void {
  for (const nav of all("[data-spy]")) {
    const links = new Map<Element, HTMLAnchorElement>();
    for (const link of all<HTMLAnchorElement>('a[href^="#"]', nav)) {
      const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (target) {
        links.set(target, link);
      }
    }
    if (links.size > 1) {
      follow(nav, links);
    }
  }
}

function follow(nav: HTMLElement, links: Map<Element, HTMLAnchorElement>): void {
  let current: HTMLAnchorElement | undefined;
  let waiting = false;
  const mark = () => {
    waiting = false;
    const line = (parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0) + 24;
    const end = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    let found = [...links.values()][0];
    for (const [target, link] of links) {
      const top = target.getBoundingClientRect().top;
      if (top <= line || (end && top < innerHeight)) {
        found = link;
      }
    }
    if (found !== current) {
      current?.removeAttribute("aria-current");
      current = found;
      current.setAttribute("aria-current", "true");
      const box = nav.closest<HTMLElement>(".docs-toc");
      if (box && box.scrollHeight > box.clientHeight) {
        box.scrollTop = current.offsetTop - box.clientHeight / 2;
      }
    }
  };
  addEventListener("scroll", () => {
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(mark);
    }
  }, { passive: true });
  mark();
}
