import { shortHash } from '../../core/hash.ts';
import { THEME } from './theme.ts';

/** The one stylesheet. */
export const STYLE = `${THEME}
*, *::before, *::after { box-sizing: border-box }
html { -webkit-text-size-adjust: 100% }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, 'DejaVu Sans Mono', monospace; font-size: .875em }
a { color: var(--link); text-underline-offset: .15em }
a:hover { text-decoration-thickness: 2px }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 3px }
h1, h2, h3, p, ul, ol, dl, dd, pre { margin: 0 }
h1 { font-size: 1.6rem; line-height: 1.2; letter-spacing: -.01em; text-wrap: balance }
h2 { font-size: 1.05rem; line-height: 1.35 }
h3 { font-size: .95rem }
ul, ol { padding: 0; list-style: none }
.vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.skip-link { position: absolute; left: 1rem; top: -4rem; padding: .5rem 1rem; background: var(--surface); z-index: 1 }
.skip-link:focus { top: .5rem }
.dim, .eyebrow { color: var(--dim); font-size: .875rem }
.warn { color: var(--new-text) }

.top, main, .bottom { max-width: 68rem; margin: 0 auto; padding: 0 1rem }
.top { display: flex; align-items: center; justify-content: space-between; gap: 1rem; padding-block: .9rem }
.top nav { display: flex; gap: 1.1rem; font-size: .9rem }
.brand { display: flex; align-items: center; gap: .45rem; font-weight: 700; color: var(--ink); text-decoration: none }
.mark-line { fill: var(--accent) }
main { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr) }
.bottom { margin-top: 2.5rem; padding-block: 1rem 2rem; color: var(--dim); font-size: .8125rem; display: grid; gap: .5rem }
.legend { display: flex; flex-wrap: wrap; gap: .35rem 1rem; align-items: center }
.crumbs { font-size: .9rem }

.headline { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .25rem 1rem; align-items: center; padding: 1.1rem 1.2rem; border-radius: 10px; background: var(--back); color: var(--text); border: 1px solid var(--edge) }
.headline .dim, .headline .eyebrow, .headline a { color: inherit }
.headline .eyebrow { font-weight: 600 }
.headline .dim { margin-top: .3rem }
.big-mark { font-size: 2.2rem; line-height: 1; width: 1.6em; height: 1.6em; display: grid; place-items: center; border-radius: 50%; background: var(--text); color: var(--back); font-weight: 700 }
.notice, .progress { padding: .7rem 1rem; border-radius: 8px; background: var(--surface); border: 1px solid var(--line); border-left: 4px solid var(--accent) }
.progress { display: grid; gap: .35rem }
progress { width: 100%; accent-color: var(--link) }

.card { background: var(--surface); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.2rem; display: grid; gap: .7rem; grid-template-columns: minmax(0, 1fr); align-content: start }
.card-head { display: flex; flex-wrap: wrap; gap: .3rem .8rem; align-items: center; justify-content: space-between }
.card h2 { overflow-wrap: anywhere }
.stack { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr) }
.bar { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between }
.columns { columns: 2 22rem; column-gap: 1rem }
.columns > .card { break-inside: avoid; margin-bottom: 1rem }
.columns > .card:last-child { margin-bottom: 0 }
.news { border-left: 5px solid var(--new-solid) }
.newly-failing { display: grid; gap: .2rem }
.rows { display: grid; gap: .4rem }
.rows li { overflow-wrap: anywhere }
.trouble { color: var(--new-text) }

.cell { display: inline-grid; place-items: center; width: 1.35rem; height: 1.35rem; border-radius: 4px; background: var(--back); color: var(--text); font: 700 .8rem/1 ui-monospace, 'DejaVu Sans Mono', monospace }
.tag { display: inline-block; padding: .05rem .5rem; border-radius: 99px; background: var(--back); color: var(--text); font-size: .8125rem; font-weight: 600; white-space: nowrap }
.strip { display: flex; gap: 2px; flex-wrap: nowrap; overflow: hidden; justify-content: flex-start }
.gates .strip { justify-content: flex-end }
.strip .cell { flex: 0 1 1.35rem; min-width: .55rem; height: 1.35rem }
.recent { display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: center }
.lanes { display: flex; flex-wrap: wrap; gap: .4rem }
.lane { display: inline-flex; gap: .5rem; align-items: baseline; padding: .15rem .55rem; border-radius: 6px; background: var(--back); color: var(--text); border: 1px solid var(--edge); font-size: .875rem }
.lane-total { font-weight: 700; font-variant-numeric: tabular-nums }

table { border-collapse: collapse; width: 100%; font-size: .9rem }
th { text-align: left; font-weight: 500; vertical-align: top }
td { vertical-align: top }
thead th { color: var(--dim); font-size: .8125rem; white-space: nowrap }
th, td { padding: .35rem .6rem .35rem 0 }
tbody tr { border-top: 1px solid var(--line) }
.gates th { overflow-wrap: anywhere }
.gates tbody th { min-width: 17rem }
.number { text-align: right; font-variant-numeric: tabular-nums }
.scroll { overflow-x: auto }
.grid { width: auto; justify-self: start }
.grid th, .grid td { padding: .15rem .2rem; vertical-align: middle }
.grid thead th { vertical-align: bottom; text-align: center }
.grid thead th:first-child, .grid tbody th { text-align: left; padding-right: .8rem; white-space: nowrap }
.grid .total { padding-right: .9rem; font-variant-numeric: tabular-nums; font-weight: 600 }
.grid .current { background: var(--chosen) }
.day { display: block; font-size: .75rem; line-height: 1.15; min-width: 1.6rem; text-align: center }
.grid thead a { display: block; padding: .2rem 0; text-decoration: none }
.grid thead a:hover .day { text-decoration: underline }

.findings { display: grid; gap: .9rem }
.findings li { display: grid; gap: .25rem; grid-template-columns: minmax(0, 1fr) }
.message { overflow-wrap: anywhere }
.place { overflow-wrap: anywhere; justify-self: start }
.where { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline }
.quote { display: flex; background: var(--quote); border-radius: 6px; overflow: hidden; padding: .3rem .6rem; gap: .8rem }
.quote code { white-space: pre-wrap; overflow-wrap: anywhere; font-size: inherit }
:is(.message, dd, li, td) > code { background: var(--quote); padding: .05em .3em; border-radius: 4px }
a code { background: none; padding: 0 }
.line-number { color: var(--dim); user-select: none; min-width: 2ch; text-align: right }
.facts { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .35rem 1rem }
.facts dt { color: var(--dim) }
.facts dd { overflow-wrap: anywhere }
.history { display: grid; gap: .3rem; font-size: .9rem }
.history li { display: flex; flex-wrap: wrap; gap: .1rem .6rem; align-items: baseline }
.history .tag { min-width: 8.6rem }
details > summary { cursor: pointer; padding: .2rem 0 }
details[open] > summary { margin-bottom: .3rem }

form { display: flex; flex-wrap: wrap; gap: .5rem .8rem; align-items: center }
select, button { font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--control); border-radius: 6px; padding: .35rem .7rem; max-width: 100% }
label { max-width: 100% }
button { font-weight: 600; cursor: pointer; min-height: 2.4rem }
button:hover { background: var(--chosen) }

@media (max-width: 44rem) {
  .wide { display: none }
  h1 { font-size: 1.35rem }
  .big-mark { font-size: 1.5rem }
  .card, .headline { padding: .85rem .9rem }
  .gates, .gates tbody, .gates tr, .gates th, .gates td { display: block }
  .gates thead { display: none }
  .gates tr { padding: .5rem 0 }
  .gates th, .gates td { padding: .1rem 0 }
  .gates tbody th { min-width: 0 }
  .gates .wide { display: none }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0 }
  .facts dd { margin-bottom: .45rem }
  .strip .cell { font-size: .62rem }
  .grid th, .grid td { padding-inline: .04rem }
  .grid thead th:first-child, .grid tbody th { padding-right: .4rem; font-size: .85rem }
  .grid .total { padding-right: .4rem; font-size: .85rem }
  .day { min-width: 1.35rem; font-size: .7rem }
}
@media (max-width: 24rem) { .mid { display: none } }
@media print { .top nav, form, .skip-link { display: none } }
`;

/** The stylesheet's address changes with its text, so that it can be kept for ever. */
export const STYLE_PATH = `/style.css?${shortHash(STYLE)}`;
