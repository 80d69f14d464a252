import { all, element, picture } from "./dom";

const copyPaths = ["M8 10a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H10a2 2 0 0 1-2-2z", "M4 16a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2"];

/** copyButtons gives every block of code a button that copies it, without line numbers. */
export function copyButtons(): void {
  if (!navigator.clipboard) {
    return; // not a secure context
  }
  for (const pre of all("pre:not(.mermaid)")) {
    const code = pre.querySelector("code");
    if (!code) {
      continue;
    }
    const holder = element("div", { class: "copyable" });
    const button = element("button", { type: "button", class: "icon-button copy", "aria-label": "Copy code", title: "Copy code" }, picture(...copyPaths));
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
    pre.replaceWith(holder);
    holder.append(pre, button);
  }
}

/** textOf is the code as written: prompts and line numbers are not part of it. */
function textOf(code: Element): string {
  const copy = code.cloneNode(true) as Element;
  for (const skip of all(".ln, .lnt, .gp", copy)) {
    skip.remove();
  }
  return (copy.textContent ?? "").replace(/\n$/, "");
}
