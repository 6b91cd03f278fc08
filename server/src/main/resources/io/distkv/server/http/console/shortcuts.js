// Keys of the keyboard that work anywhere but where somebody writes.

/** All of them, as the help shows them. */
export const SHORTCUTS = [
  ["1", "Overview"],
  ["2", "Keyspaces"],
  ["3", "Keys"],
  ["/", "Search keys by prefix"],
  ["n", "New key, or new keyspace"],
  ["t", "Theme: as the system, dark, light"],
  ["?", "This help"],
  ["↑ ↓", "Through a list of keys"],
  ["Ctrl Enter", "Save the value"],
  ["Esc", "Close a dialog"],
];

/** Listens; {@code actions} are by key. Gives the way to end it. */
export function listen(actions) {
  const heard = (event) => {
    const writes = event.target.closest("input, textarea, select, [contenteditable]") !== null;
    const inDialog = document.querySelector("dialog[open]") !== null;
    const action = actions[event.key];
    if (writes || inDialog || event.ctrlKey || event.metaKey || event.altKey || !action) {
      return;
    }
    event.preventDefault();
    action();
  };
  document.addEventListener("keydown", heard);
  return () => document.removeEventListener("keydown", heard);
}
