import { all, store, stored } from "./dom";

const next: Record<string, string> = { "": "light", light: "dark", dark: "" };

/** themeSwitch turns the button in the header through system, light and dark. */
export function themeSwitch(): void {
  for (const button of all<HTMLButtonElement>("[data-theme-switch]")) {
    const show = (choice: string) => {
      const label = button.dataset[choice || "system"] ?? "";
      button.setAttribute("aria-label", label);
      button.title = label;
      const root = document.documentElement.dataset;
      if (choice) {
        root.theme = button.dataset.choice = choice;
      } else {
        delete root.theme;
        delete button.dataset.choice;
      }
    };
    let choice = stored("cb-theme");
    choice = choice in next ? choice : "";
    show(choice);
    button.addEventListener("click", () => {
      choice = next[choice];
      store("cb-theme", choice);
      show(choice);
    });
  }
}
