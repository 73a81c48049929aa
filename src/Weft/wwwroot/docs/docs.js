// The page: reads the API's description and shows it. Everything is put in as text, nothing as markup.

import { el } from '../elements.js';
import { Description } from './description.js';
import { operationArticle } from './operation.js';

const main = /** @type {HTMLElement} */ (document.getElementById('reference'));
const contents = /** @type {HTMLElement} */ (document.getElementById('contents'));
const find = /** @type {HTMLInputElement} */ (document.getElementById('find'));
const nothing = /** @type {HTMLElement} */ (document.getElementById('nothing'));
const notice = /** @type {HTMLElement} */ (document.getElementById('notice'));

/** The parts of each operation: its line in the contents, its article, and all its words for the search. */
const entries = [];

const root = new URL('../', location.href);

/** @param {Description} description @param {boolean} requiresToken Whether the coordinator does. */
function show(description, requiresToken) {
  const about = el('section', { className: 'about' }, el('p', { className: 'lead' },
    'Programs submit tasks, workers claim, compute and settle them, and programs read the results. Each step is one ' +
    'JSON request.'),
    ...description.about.map((text) => el('p', {}, text)));
  const groups = description.groups.map((group) => {
    const lines = [];
    const articles = group.operations.map((operation) => {
      const article = operationArticle(description, operation, root, requiresToken);
      const line = el('li', {}, el('a', { href: `#${operation.id}` },
        el('span', { className: `method ${operation.method}` }, operation.method), el('span', {}, operation.summary)));
      lines.push(line);
      entries.push({ line, article, words: (article.textContent ?? '').toLowerCase() });
      return article;
    });
    contents.append(el('section', {}, el('h2', {}, group.name), el('ul', {}, ...lines)));
    return el('section', { className: 'group' }, el('h2', {}, group.name), el('p', {}, group.description), ...articles);
  });
  main.replaceChildren(el('h1', {}, 'API reference'), about, ...groups);
}

/** Shows the operations that contain all of the words, and the groups that have any. */
function filter() {
  const wanted = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const { line, article, words } of entries) {
    const fits = wanted.every((word) => words.includes(word));
    line.hidden = article.hidden = !fits;
    if (fits) shown++;
  }

  for (const section of document.querySelectorAll('#contents > section, .group')) {
    /** @type {HTMLElement} */ (section).hidden = !section.querySelector('li:not([hidden]), article:not([hidden])');
  }

  nothing.textContent = shown > 0 ? '' : 'No operation matches.';
}

/** The browser looked for the place that the address names before there was one. */
function goToPlace() {
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView({ behavior: 'instant' });
}

async function requiresToken() {
  const response = await fetch(new URL('api/v1/queues', root), { method: 'HEAD', cache: 'no-store' }).catch(() => null);
  return response?.status === 401;
}

try {
  const [response, needed] = await Promise.all([fetch('../openapi/v1.json'), requiresToken()]);
  if (!response.ok) throw new Error(`The coordinator answered ${response.status}.`);
  show(new Description(await response.json()), needed);
  find.addEventListener('input', filter);
  if (find.value) filter();
  goToPlace();
} catch (error) {
  notice.textContent =
    `The API description could not be read: ${error instanceof Error ? error.message : error} Reload the page to ` +
    `try again.`;
} finally {
  main.removeAttribute('aria-busy');
}
