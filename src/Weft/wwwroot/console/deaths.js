// Why tasks died: the decisive lines of their errors, most frequent first, each with a link to its tasks.

import { el } from '../elements.js';
import { errorLine, link, number } from './format.js';
import { ask, withQuery } from './net.js';

const LOOKED_AT = 200;
const SHOWN_MAX = 8;

/**
 * @param {HTMLElement} list To fill.
 * @param {Record<string, string>} where Further filter members.
 * @param {number} count Their number.
 * @param {AbortSignal} signal
 */
export async function showDeaths(list, where, count, signal) {
  const filter = { state: 'dead', order: 'newest', ...where };
  const { tasks } = await ask(withQuery('tasks', { ...filter, limit: LOOKED_AT }), { signal });
  const byError = [...Map.groupBy(tasks, (task) => errorLine(task.error ?? 'No reason was given.'))];
  byError.sort((a, b) => b[1].length - a[1].length);
  const ofHowMany = count > LOOKED_AT ? ` of the last ${LOOKED_AT}` : '';
  list.replaceChildren(...byError.slice(0, SHOWN_MAX).map(([error, those]) => {
    const alike = those[0].error == null ? {} : { error };
    const shown = link({ view: 'tasks', ...filter, ...alike }, number(those.length) + ofHowMany);
    return el('li', {}, shown, ' ', el('code', {}, error));
  }));
}
