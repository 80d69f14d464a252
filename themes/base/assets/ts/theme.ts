// Applies the stored colour theme before the page is painted. It is the only
// script that blocks; without a stored choice the page follows the system.
// A TypeError or SecurityError from storage means "no choice".
try {
  const choice = localStorage.getItem("cb-theme");
  if (choice === "light" || choice === "dark") {
    document.documentElement.dataset.theme = choice;
  }
} catch {
  // Storage is denied: the system's theme it is.
}
