// Applies the stored colour theme before the page is painted. It is the only
// script that blocks; without a stored choice the page follows the system.
// It also tells the style sheet that there is script, so that what script adds
// has its place from the first paint and nothing moves later.
document.documentElement.dataset.js = "";
addEventListener("error", (event) => {
  if (event.target instanceof HTMLScriptElement) {
    delete document.documentElement.dataset.js; // it did not load after all
  }
}, true);
try {
  const choice = localStorage.getItem("cb-theme");
  if (choice === "light" || choice === "dark") {
    document.documentElement.dataset.theme = choice;
  }
  // How many entities are starred, so that the home page keeps room for them.
  const stars = (JSON.parse(localStorage.getItem("cb-stars") ?? "[]") as unknown[]).length;
  if (stars > 0) {
    document.documentElement.dataset.stars = "";
    document.documentElement.style.setProperty("--cb-stars", String(Math.min(stars, 50)));
  }
} catch {
  // Storage is denied or holds something else: the system's theme it is.
}
