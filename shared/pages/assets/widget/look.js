// @ts-check
// How it looks. A sheet made here, not a <style>: that needs nothing from the page's content security policy. A page
// themes it by the custom properties that start with --casebridge, and shows it light or dark by its own color-scheme.

export const look = new CSSStyleSheet();

look.replaceSync(`
:host {
  display: block; min-width: 0; container-type: inline-size;
  --text: var(--casebridge-text, #1c2430); --dim: var(--casebridge-dim, #566072);
  --surface: var(--casebridge-surface, #ffffff); --raised: var(--casebridge-raised, #f4f6f9);
  --line: var(--casebridge-line, #d9dee7); --edge: var(--casebridge-edge, #7c8798);
  --accent: var(--casebridge-accent, #1d5fd1); --on-accent: var(--casebridge-on-accent, #ffffff);
  --good: var(--casebridge-good, #127a43); --wait: var(--casebridge-wait, #b26a00);
  --bad: var(--casebridge-bad, #b3261e); --on-bad: var(--casebridge-on-bad, #ffffff);
  --radius: var(--casebridge-radius, 10px);
}
:host([hidden]) { display: none }
:host([theme="light"]) { color-scheme: light }
:host([theme="dark"]) { color-scheme: dark }
@supports (color: light-dark(#000, #fff)) {
  :host {
    --text: var(--casebridge-text, light-dark(#1c2430, #e8ecf3)); --dim: var(--casebridge-dim, light-dark(#566072, #a4afc0));
    --surface: var(--casebridge-surface, light-dark(#ffffff, #181d26)); --raised: var(--casebridge-raised, light-dark(#f4f6f9, #222936));
    --line: var(--casebridge-line, light-dark(#d9dee7, #333c4b)); --edge: var(--casebridge-edge, light-dark(#7c8798, #76839a));
    --accent: var(--casebridge-accent, light-dark(#1d5fd1, #8db4ff)); --on-accent: var(--casebridge-on-accent, light-dark(#ffffff, #0c1a33));
    --good: var(--casebridge-good, light-dark(#127a43, #5bd295)); --wait: var(--casebridge-wait, light-dark(#b26a00, #f0b45a));
    --bad: var(--casebridge-bad, light-dark(#b3261e, #ff9a91)); --on-bad: var(--casebridge-on-bad, light-dark(#ffffff, #3b0906));
  }
}
* { box-sizing: border-box; margin: 0 }
.card {
  display: grid; gap: 12px; padding: 16px; border: 1px solid var(--line); border-radius: var(--radius);
  background: var(--surface); color: var(--text); overflow-wrap: anywhere; text-align: start;
  font: 400 0.875rem/1.45 var(--casebridge-font, system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", sans-serif);
}
/* Taken out of the grid, not out of the page: what comes into a live region that is there is read out. */
.alerts:empty, .notices:empty { position: absolute }
.alerts, .notices, .links, .panel { display: grid; gap: 8px }
header { display: flex; align-items: baseline; gap: 9px }
.title { font-size: 1rem; font-weight: 650; line-height: 1.3; outline: none }
.title:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px }
.text, .hint { color: var(--dim) }
.text { margin-top: -6px }
.dot { flex: none; width: 10px; height: 10px; border-radius: 50%; background: var(--edge); forced-color-adjust: none }
[data-mood="good"] .dot { background: var(--good) }
[data-mood="wait"] .dot { background: var(--wait) }
[data-mood="bad"] .dot { background: var(--bad) }
[data-mood="busy"] .dot { background: var(--accent) }
[data-mood="good"] { border-color: var(--good); box-shadow: inset 3px 0 0 var(--good) }
.label, dt { color: var(--dim); font-size: 0.8125rem }
.dim { color: var(--dim) }
.bad { color: var(--bad) }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }

.button {
  display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-height: 36px; padding: 6px 14px;
  border: 1px solid var(--edge); border-radius: calc(var(--radius) * 0.7); background: var(--surface); color: var(--text);
  font: inherit; font-weight: 550; text-decoration: none; text-align: center; cursor: pointer;
}
.button:hover { background: var(--raised) }
.button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent) }
.button.main:hover, .button.full:hover { box-shadow: inset 0 0 0 99px rgb(0 0 0 / 0.1) }
.button.stop { border-color: var(--bad); color: var(--bad) }
.button.full { background: var(--bad); color: var(--on-bad) }
.button.quiet { border-color: transparent; background: none; color: var(--accent) }
.button.quiet:hover, .icon:hover { background: var(--raised) }
.button.link {
  min-height: 24px; padding: 1px 0; border: 0; border-radius: 3px; background: none; color: var(--accent);
  font-size: 0.8125rem; text-decoration: underline; text-underline-offset: 3px; text-align: start;
}
.button[aria-disabled] { cursor: default; opacity: 0.62; box-shadow: none }
.button[aria-busy] { opacity: 1; cursor: progress }
.button[aria-busy] span { opacity: 0.7 }
.icon {
  display: inline-grid; place-items: center; flex: none; width: 36px; height: 36px; padding: 0; border: 0;
  border-radius: calc(var(--radius) * 0.7); background: none; color: var(--dim); font: inherit; cursor: pointer;
}
.drawn { flex: none; width: 1.15em; height: 1.15em; fill: none; stroke: currentcolor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round }
.drawn:is(.play, .stop) { fill: currentcolor }
:is(.button, .icon, select, textarea):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.buttons { display: grid; gap: 6px }
.buttons.row { display: flex; flex-wrap: wrap }

.code { display: grid; grid-template-columns: 1fr auto; align-items: center; padding: 8px 6px 8px 12px; border-radius: calc(var(--radius) * 0.7); background: var(--raised) }
.code .label { grid-column: 1 }
.digits { grid-column: 1; font: 600 1.25rem/1.3 ui-monospace, "SF Mono", "Cascadia Mono", Consolas, monospace; letter-spacing: 0.01em; user-select: all }
.code .icon { grid-row: 1 / 3; grid-column: 2 }
.pair { display: flex; gap: 4px }
.pair .button { flex: 1; min-width: 0 }

dl { display: grid; gap: 10px; padding-top: 12px; border-top: 1px solid var(--line) }
.fact { display: grid; gap: 1px }
dd { display: grid; gap: 2px }
.acts { display: flex; flex-wrap: wrap; gap: 2px 16px }
.acts:empty { display: none }
.count { font-variant-numeric: tabular-nums }
@container (min-width: 17rem) {
  .fact { grid-template-columns: 5.2rem 1fr; gap: 10px }
  dt { line-height: 1.31rem }
}
@container (min-width: 25rem) {
  .fact { grid-template-columns: 7rem 1fr }
  .links { grid-template-columns: 1fr 1fr }
  .buttons:not(.row) { display: flex; flex-wrap: wrap }
}

.note { display: flex; align-items: start; justify-content: space-between; gap: 6px; padding: 10px 12px; border-radius: calc(var(--radius) * 0.7); border: 1px solid var(--line); border-inline-start: 3px solid var(--wait); background: var(--raised); color: var(--text) }
.note.bad { border-inline-start-color: var(--bad) }
.note.tall { display: grid; gap: 10px; justify-items: start }
.note:has(> .button) { flex-wrap: wrap }
.note .icon { width: 24px; height: 24px; margin: -2px -4px 0 0 }
.panel { padding: 12px; border: 1px solid var(--line); border-radius: calc(var(--radius) * 0.7); background: var(--raised) }
select, textarea { width: 100%; min-height: 36px; padding: 7px 10px; border: 1px solid var(--edge); border-radius: calc(var(--radius) * 0.6); background: var(--surface); color: inherit; font: inherit }
textarea { resize: vertical }
[aria-invalid] { border-color: var(--bad) }
.comment { display: grid; gap: 2px; padding: 8px 6px 12px 12px; border-radius: calc(var(--radius) * 0.7); background: var(--raised) }
.top { display: flex; align-items: center; justify-content: space-between }
.words { white-space: pre-line; padding-right: 6px }
.bar { height: 3px; border-radius: 2px; overflow: hidden; background: var(--line) }
.bar::after { content: ""; display: block; width: 38%; height: 100%; border-radius: 2px; background: var(--accent) }

@media (prefers-reduced-motion: no-preference) {
  [data-mood="wait"] .dot, [data-mood="busy"] .dot { animation: breathe 1.8s ease-in-out infinite }
  .bar::after { animation: pass 1.4s ease-in-out infinite }
  .button { transition: background-color 0.12s }
  @keyframes breathe { 50% { opacity: 0.35 } }
  @keyframes pass { from { transform: translateX(-100%) } to { transform: translateX(265%) } }
}
@media (forced-colors: active) {
  .button, .icon, .note, .code, .comment { border: 1px solid ButtonBorder }
  .dot { background: CanvasText }
  .bar::after { background: Highlight }
  .button[aria-disabled] { color: GrayText; opacity: 1 }
}
`);
