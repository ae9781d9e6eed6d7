// The one script of a ticket page: <script type="module" src="https://SERVER/widget.js"></script>. It works as a classic
// script too: `import()` goes by this script's own address either way. The parts lie below an address of their own
// version, so they may be kept for good while this file is asked for again; all are asked for at once.
for (const part of ["case", "api", "dom", "live", "look", "scene", "words"]) {
  import(`./widget/${part}.js`).catch((error) => console.error("Casebridge's widget can't be loaded:", error));
}
