// Dark or light: as the system says, until somebody chooses. The choice is kept in the browser.

const KEY = "distkv-theme";
const CHOICES = ["auto", "dark", "light"];

/** What was chosen: auto, dark or light. */
export function chosen() {
  const kept = localStorage.getItem(KEY);
  return CHOICES.includes(kept) ? kept : "auto";
}

/** Shows a choice, and keeps it. */
export function choose(choice) {
  localStorage.setItem(KEY, choice);
  apply();
}

/** The choice after this one. */
export function following(choice) {
  return CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length];
}

/** Shows what was chosen, in this page. */
export function apply() {
  document.documentElement.dataset.theme = chosen();
  document.dispatchEvent(new CustomEvent("theme"));
}

/** Tells when the colours change; gives the way to hear no more of it. */
export function onChange(listener) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  document.addEventListener("theme", listener);
  system.addEventListener("change", listener);
  return () => {
    document.removeEventListener("theme", listener);
    system.removeEventListener("change", listener);
  };
}

/** A colour of the style sheet as it is now. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
