import { all } from "./dom";

/** centerDrawings scrolls each drawing that is wider than its place to the box it is about. */
export function centerDrawings(): void {
  for (const place of all(".drawing-scroll")) {
    const focus = place.querySelector(".focus");
    if (focus && place.scrollWidth > place.clientWidth) {
      const box = focus.getBoundingClientRect();
      place.scrollLeft += box.left - place.getBoundingClientRect().left - (place.clientWidth - box.width) / 2;
    }
  }
}
