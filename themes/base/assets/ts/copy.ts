import { all, element, picture } from "./dom";

const copyPaths = ["M8 10a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H10a2 2 0 0 1-2-2z", "M4 16a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2"];

/** copyButtons gives every block of code a button that copies it. */
export function copyButtons(): void {
  for (const pre of all("pre")) {
    if (pre.scrollWidth > pre.clientWidth || pre.scrollHeight > pre.clientHeight) {
      pre.tabIndex = 0; // so that the arrow keys scroll it
    }
  }
  if (!navigator.clipboard) {
    return; // not a secure context
  }
  const label = document.body.dataset.copy ?? "Copy";
  for (const pre of all("pre:not(.mermaid)")) {
    const code = pre.querySelector("code");
    if (!code) {
      continue;
    }
    const button = element("button", { type: "button", class: "icon-button copy", "aria-label": label, title: label }, picture(...copyPaths));
    button.addEventListener("click", () => {
      void navigator.clipboard.writeText(textOf(code)).then(() => {
        button.dataset.done = "";
        button.replaceChildren(picture("M20 6 9 17l-5-5"));
        setTimeout(() => {
          delete button.dataset.done;
          button.replaceChildren(picture(...copyPaths));
        }, 1500);
      });
    });
    holder(pre).append(button);
  }
}

/** holder is the element the button is placed in: the block's own, or a new one around it. */
function holder(pre: HTMLElement): HTMLElement {
  const parent = pre.parentElement;
  if (parent?.matches(".highlight, .copyable")) {
    return parent;
  }
  const made = element("div", { class: "copyable" });
  pre.replaceWith(made);
  made.append(pre);
  return made;
}

/** textOf is the code as written: shell prompts are not part of it. */
function textOf(code: Element): string {
  const copy = code.cloneNode(true) as Element;
  for (const skip of all(".gp", copy)) {
    skip.remove();
  }
  return (copy.textContent ?? "").replace(/\n$/, "");
}
