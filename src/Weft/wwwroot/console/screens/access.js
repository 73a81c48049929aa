// Tokens, created and revoked here; webhooks; and the audit log of manual changes.

import { el, sample } from '../../elements.js';
import { actionButton, confirmed, tell } from '../dialog.js';
import { ago } from '../format.js';
import { ask, withQuery } from '../net.js';
import { makeTable } from '../table.js';
import { webhookSection } from '../webhooks.js';

const SCOPES = [['submit', 'submit tasks, and see and change its own'], ['work', 'claim and settle tasks'],
  ['read', 'see everything'], ['metrics', 'only see /metrics'], ['admin', 'everything']];
const DAYS = [['', 'never'], ['1', 'in a day'], ['30', 'in 30 days'], ['365', 'in a year']];
const DAY_SECONDS = 86_400;
const AUDIT_SHOWN = 50;

export function make({ query, may, refresh, signal }) {
  const webhooks = may('submit') ? webhookSection({ query, refresh, signal }) : null;
  if (!may('admin')) {
    return { title: 'Access',
      element: el('div', {}, el('h1', {}, 'Access'),
        el('p', {}, 'Only tokens with the scope admin can see this list.'), webhooks?.element),
      everyMs: 10_000, refresh: async () => webhooks?.refresh() };
  }

  const made = el('section', { className: 'card', hidden: true, ariaLabel: 'The new token' });
  const table = makeTable({
    caption: 'Tokens', keyOf: (token) => token.id, empty: 'There are no tokens.',
    columns: [
      { name: 'Token', numeric: true, cell: (token) => String(token.id) },
      { name: 'Name', sortBy: (token) => token.name ?? '', cell: (token) => token.name ?? '' },
      { name: 'Scopes', cell: (token) => token.scopes.join(', ') },
      { name: 'Queues', cell: (token) => (token.queues ?? []).length === 0 ? 'all' : token.queues.join(', ') },
      { name: 'Created', sortBy: (token) => token.createdAt, cell: (token) => ago(token.createdAt) },
      { name: 'Expires', cell: (token) => token.expiresAt == null ? 'never' : ago(token.expiresAt) },
      { name: '', cell: (token) => token.revokedAt == null ? revokeButton(token) : 'revoked' },
    ],
  });
  const trail = makeTable({
    caption: 'Who did what', keyOf: (entry) => entry.id, empty: 'There are no manual changes.',
    columns: [
      { name: 'When', cell: (entry) => ago(entry.at) },
      { name: 'Who', cell: (entry) => entry.actor },
      { name: 'What', cell: (entry) => entry.action },
      { name: 'Of', cell: (entry) => entry.subject },
      { name: 'Detail', cell: (entry) => entry.detail ?? '' },
    ],
  });
  const element = el('div', {}, el('h1', {}, 'Access'), form(), made, el('h2', {}, 'Tokens'), table.element,
    webhooks.element, el('h2', {}, 'Who did what'), trail.element);
  return {
    title: 'Access', element, everyMs: 10_000,
    async refresh() {
      const [{ tokens }, { entries }] = await Promise.all([ask('tokens', { signal }),
        ask(withQuery('audit', { limit: AUDIT_SHOWN }), { signal }), webhooks.refresh()]);
      table.update(tokens);
      trail.update(entries);
    },
  };

  function form() {
    const field = (name, label, note) => el('p', {}, el('label', { htmlFor: `new-${name}` }, label),
      el('input',
        { type: 'text', id: `new-${name}`, name, placeholder: note, autocomplete: 'off', spellcheck: false }));
    const element = el('form', { className: 'filter', ariaLabel: 'New token' },
      field('name', 'Name', 'optional'), field('queues', 'Queues', 'a, b; empty: all'),
      el('p', {}, el('label', { htmlFor: 'new-expires' }, 'Expires'),
        el('select', { id: 'new-expires', name: 'days' },
          ...DAYS.map(([value, text]) => el('option', { value }, text)))),
      el('fieldset', {}, el('legend', {}, 'Scopes'),
        ...SCOPES.map(([scope, what]) => el('p', {},
          el('input', { type: 'checkbox', id: `scope-${scope}`, name: 'scope', value: scope }), ' ',
          el('label', { htmlFor: `scope-${scope}` }, scope), el('span', { className: 'soft' }, ` ${what}`)))),
      el('button', { type: 'submit' }, 'Create a token'));
    element.addEventListener('submit',
      (event) => { event.preventDefault(); create(element).catch((error) => tell(error.message, true)); });
    return element;
  }

  async function create(given) {
    const values = new FormData(given);
    const scopes = values.getAll('scope').map(String);
    if (scopes.length === 0) { tell('Choose at least one scope.', true); return; }
    const queues = String(values.get('queues')).split(',').map((name) => name.trim()).filter((name) => name !== '');
    const days = Number(values.get('days'));
    const token = await ask('tokens', { method: 'POST', body: {
      scopes, ...(values.get('name') === '' ? {} : { name: values.get('name') }),
      ...(queues.length === 0 ? {} : { queues }), ...(days === 0 ? {} : { expiresInSeconds: days * DAY_SECONDS }),
    } });
    const page = new URL(scopes.includes('work') && scopes.length === 1
      ? `worker/${queues.length === 0 ? '' : `?${new URLSearchParams(queues.map((name) => ['queue', name]))}`}` : './',
      location.href);
    page.hash = `token=${token.token}`;
    made.replaceChildren(el('h2', {}, 'Copy it now: it is shown only once'), sample(token.token, 'the token'),
      el('p', {}, 'As a link that opens the page with it:'), sample(page.href, 'the link'));
    made.hidden = false;
    given.reset();
    await refresh();
  }

  function revokeButton(token) {
    const button = actionButton('Revoke…', async () => {
      if (!await confirmed({ title: `Revoke token ${token.id}?`,
        text: `${token.name ?? 'It'} stops working at once. That can’t be undone.`,
        action: 'Revoke the token' })) return null;
      await ask(`tokens/${token.id}`, { method: 'DELETE' });
      await refresh();
      return `Token ${token.id} is revoked.`;
    });
    button.ariaLabel = `Revoke token ${token.id}`;
    return button;
  }
}
