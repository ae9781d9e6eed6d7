// The one script of a ticket page: <script type="module" src="https://SERVER/widget.js"></script>. It works as a classic
// script too, which has to say itself where it comes from. The parts lie below an address of their own version, so they
// may be kept for good while this file is asked for again; all are asked for at once.
{
  const source = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : "";
  for (const part of "case access api dom gist live look news pace parts scene words".split(" ")) {
    const path = `./widget/${part}.js`;
    import(source ? new URL(path, source).href : path).catch((error) => console.error("Casebridge can't be loaded:", error));
  }
}
