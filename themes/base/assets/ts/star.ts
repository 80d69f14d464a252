import { all, element, store, stored } from "./dom";

/** Star is an entity that someone keeps at hand, as stored in this browser. */
interface Star {
  u: string; // site path
  t: string; // title
  k: string; // kind
}

const key = "cb-stars";

/** starred reads the list, and passes over anything that does not look like ours. */
function starred(): Star[] {
  try {
    const list = JSON.parse(stored(key) || "[]") as Star[];
    return list.filter((s) => typeof s.t === "string" && /^\/(?!\/)/.test(s.u)).slice(0, 50);
  } catch {
    return [];
  }
}

/** stars makes the star on an entity's page work and lists the starred on the home page. */
export function stars(): void {
  for (const button of all<HTMLButtonElement>("button[data-star]")) {
    const { star: u = "", title: t = "", kind: k = "" } = button.dataset;
    const show = () => button.setAttribute("aria-pressed", `${starred().some((s) => s.u === u)}`);
    show();
    button.addEventListener("click", () => {
      const list = starred();
      const others = list.filter((s) => s.u !== u);
      store(key, others.length < list.length ? (others.length ? JSON.stringify(others) : "") : JSON.stringify([...list, { u, t, k }]));
      show();
    });
  }
  for (const place of all("[data-starred] ul")) {
    const root = new URL(document.documentElement.dataset.root ?? "./", document.baseURI);
    place.append(...starred().map((s) => {
      const icon = document.querySelector(`.tile.kind-${CSS.escape(s.k)} .icon`)?.cloneNode(true);
      const link = element("a", { class: `ref kind-${s.k}`, href: new URL(s.u.slice(1), root).href }, ...(icon ? [icon] : []), element("span", {}, s.t));
      return element("li", {}, link);
    }));
  }
}
