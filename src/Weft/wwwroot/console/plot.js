// Plots of numbers over time, drawn by uPlot, which is loaded with the first of them.

import { el } from '../elements.js';
import { number } from './format.js';

const HEIGHT = 180;
const DASHES = [[], [6, 4], [2, 3], [10, 4, 2, 4]];
/** @type {Promise<any> | null} */ let library = null;

function load() {
  return library ??= new Promise((resolve, reject) => {
    const folder = new URL('vendor/', import.meta.url);
    document.head.append(el('link', { rel: 'stylesheet', href: new URL('uPlot.min.css', folder).href }));
    const script = el('script', { src: new URL('uPlot.iife.min.js', folder).href });
    script.addEventListener('load', () => resolve(globalThis['uPlot']));
    script.addEventListener('error', () => { library = null; reject(new Error('The plots could not be loaded.')); });
    document.head.append(script);
  });
}

/**
 * A plot with its last values as text.
 * @param {string} title
 * @param {{name: string, colour: string}[]} lines Names of series, and of the colours of the page's style.
 */
export function makePlot(title, lines) {
  const paper = el('div', { className: 'paper', ariaHidden: 'true' });
  const last = el('span', { className: 'soft' });
  const rows = el('tbody', {});
  const element = el('figure', { className: 'plot' },
    el('figcaption', {}, el('strong', {}, title), ' ', last),
    paper,
    el('details', {}, el('summary', {}, `Show “${title}” as a table`),
      el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: title }, el('table', {},
        el('thead', {},
          el('tr', {}, el('th', { scope: 'col' }, 'Time'),
            ...lines.map(({ name }) => el('th', { scope: 'col', className: 'numeric' }, name)))), rows))));
  /** @type {any} */ let plot = null;
  /** @type {(number | null)[][] | null} */ let data = null;
  const resized = new ResizeObserver(() => plot?.setSize({ width: paper.clientWidth, height: HEIGHT }));
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', () => { plot?.destroy(); plot = null; draw(); });
  resized.observe(paper);
  return { element, update };

  /** @param {{start: string, stepSeconds: number, series: Record<string, (number | null)[]>}} answer */
  function update({ start, stepSeconds, series }) {
    const length = series[lines[0].name]?.length ?? 0;
    const from = Date.parse(start) / 1_000;
    const times = Array.from({ length }, (_, index) => from + index * stepSeconds);
    data = [times, ...lines.map(({ name }) => series[name] ?? [])];
    last.textContent = lines.map(({ name }) => `${name} ${lastOf(series[name])}`).join(' · ');
    showRows(times, series);
    draw();
  }

  function showRows(times, series) {
    const every = Math.max(1, Math.ceil(times.length / 15));
    const shown = times.map((time, index) => ({ time, index }))
      .filter(({ index }) => (times.length - 1 - index) % every === 0).reverse();
    rows.replaceChildren(...shown.map(({ time, index }) => el('tr', {},
      el('td', {}, timeText(time)),
      ...lines.map(({ name }) => el('td', { className: 'numeric' }, valueText(series[name]?.[index]))))));
  }

  async function draw() {
    const uPlot = await load().catch(() => null);
    // Without the library there is still the table.
    if (uPlot === null || data === null || !paper.isConnected) return;
    if (plot !== null) { plot.setData(data); return; }
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const axis = { stroke: colour('soft'), grid: { stroke: colour('line'), width: 1 },
      ticks: { stroke: colour('line'), width: 1 } };
    plot = new uPlot({
      width: paper.clientWidth, height: HEIGHT, legend: { show: false }, cursor: { show: false },
      scales: { y: { range: (_, __, high) => [0, Math.max(1, high * 1.1)] } },
      axes: [{ ...axis, space: 70, values: (_, times, __, ___, step) => times.map((time) => tickText(time, step)) },
        { ...axis, size: 55 }],
      series: [{},
        ...lines.map(({ name, colour: of }, index) => ({ label: name, stroke: colour(of), width: 2,
          dash: DASHES[index % DASHES.length], spanGaps: false, points: { show: false } }))],
    }, data, paper);
  }
}

const two = (value) => String(value).padStart(2, '0');

/** A day where one begins, else the time of day, by this computer's zone. @param {number} time @param {number} step */
function tickText(time, step) {
  const at = new Date(time * 1_000);
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return clock === '00:00' || step >= 86_400 ? `${at.getDate()} ${at.toLocaleString('en', { month: 'short' })}`
    : step < 60 ? `${clock}:${two(at.getSeconds())}` : clock;
}

/** @param {number} time */
function timeText(time) {
  const at = new Date(time * 1_000);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${at.toTimeString().slice(0, 8)}`;
}

const valueText =
  (value) => value == null ? '–' : number(value >= 10 ? Math.round(value) : Math.round(value * 100) / 100);
const lastOf = (values) => valueText(values?.findLast((value) => value !== null));
