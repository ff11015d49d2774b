/** The look of reports: calm, light or dark as the reader's system is, printable. */
export const style = `
:root { color-scheme: light dark; --paper: #fbfaf7; --ink: #22262b; --soft: #6b727b; --line: #dedbd3; --card: #ffffff;
  --spoken: #cfe6e2; --once: #fde9c8; --twice: #f9cfa0; --often: #f2a777; }
@media (prefers-color-scheme: dark) { :root { --paper: #17191c; --ink: #e4e2dd; --soft: #9aa1aa; --line: #33373d; --card: #1f2226;
  --spoken: #1f4d48; --once: #4a3c22; --twice: #6a4a22; --often: #8a4f22; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 1500px; margin: 0 auto; padding: 48px 32px 96px; }
h1 { font-size: 32px; line-height: 1.2; margin: 0 0 16px; letter-spacing: -0.01em; }
h2 { font-size: 20px; margin: 48px 0 16px; }
h3 { font-size: 15px; font-weight: 600; margin: 32px 0 8px; white-space: pre-wrap; }
h4 { font-size: 13px; font-weight: 600; color: var(--soft); margin: 0 0 8px; }
.lead { font-size: 18px; max-width: 70ch; margin: 0 0 8px; }
ul.lead { padding-left: 1.2em; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 8px 16px; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody th { text-align: left; font-weight: 500; max-width: 46ch; }
small { display: block; color: var(--soft); font-weight: 400; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 500px), 1fr)); gap: 24px; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px; }
figure svg { width: 100%; height: auto; }
section:has(> .arms) { content-visibility: auto; contain-intrinsic-size: auto 480px; }
.arms { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 16px; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px; }
article p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.part { border-top: 1px solid var(--line); margin-top: 48px; }
.reported th, .reported td { font-style: italic; border-top: 1px dashed var(--soft); border-bottom: 1px dashed var(--soft); }
.legend { list-style: none; padding: 0; margin: 0 0 8px; display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 14px; }
.part figure { max-width: 840px; }
figure .legend svg { width: 26px; height: 6px; }
.passages { list-style: none; padding: 0; max-width: 84ch; }
.passages li { padding: 8px 0; border-bottom: 1px solid var(--line); }
.passages mark { background: var(--spoken); }
.passages p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
dl { max-width: 84ch; }
dt { font-weight: 600; margin-top: 12px; }
dd { margin: 2px 0 0; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px; font-size: 13px; }
a { color: inherit; }
.command { max-height: 168px; overflow: auto; }
.part thead th:first-child { text-align: left; }
.part thead th { vertical-align: bottom; min-width: 110px; }
details summary { cursor: pointer; color: var(--soft); font-size: 14px; }
@media print { .command { max-height: none; } figure, tr, .passages li { break-inside: avoid; } }
mark { color: inherit; border-radius: 3px; padding: 0 1px; }
mark.d1 { background: var(--once); } mark.d2 { background: var(--twice); } mark.d3 { background: var(--often); }
`;
