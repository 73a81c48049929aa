// Webhooks: their events, whether messages arrive, and what was sent recently. Part of the access screen.

import { el, sample } from '../elements.js';
import { actionButton, confirmed, tell } from './dialog.js';
import { ago, link, number } from './format.js';
import { ask, NoAccess } from './net.js';
import { makeTable } from './table.js';

const EVENTS = [['group.finished', 'a group is finished'], ['task.completed', 'a task is completed'],
  ['task.dead', 'a task has died'], ['task.cancelled', 'a task is cancelled']];
const PRESSING_EVENTS = new Set(['group.finished', 'task.dead']);
const FORBIDDEN = 'Only an admin may manage webhooks, unless the coordinator runs with --webhooks-for-submitters.';

/**
 * @param {{query: URLSearchParams, refresh: () => Promise<void>, signal: AbortSignal}} screen
 * @returns {{element: HTMLElement, refresh: () => Promise<void>}}
 */
export function webhookSection({ query, refresh, signal }) {
  const shownId = query.get('webhook');
  let isShown = shownId !== null;
  const made = el('section', { className: 'card', hidden: true, ariaLabel: 'The secret' });
  const table = makeTable({
    caption: 'Webhooks', keyOf: (webhook) => webhook.id,
    empty: 'There are no webhooks. One posts a signed message to an address of yours when a run is finished, or a ' +
      'task has died.',
    columns: [
      { name: 'Webhook', numeric: true, cell: (webhook) => String(webhook.id) },
      { name: 'Name', sortBy: (webhook) => webhook.name ?? '', cell: (webhook) => webhook.name ?? '' },
      { name: 'Address', cell: (webhook) => el('code', {}, webhook.url) },
      { name: 'Tells of', cell: (webhook) => webhook.events.join(', ') },
      { name: 'For', cell: scopeOf },
      { name: 'Now', sortBy: (webhook) => webhook.disabledAt ?? webhook.failingSince ?? '', cell: stateOf },
      { name: 'Waiting', numeric: true, sortBy: (webhook) => webhook.pending,
        cell: (webhook) => number(webhook.pending) },
      { name: 'Lost', numeric: true, sortBy: lostOf, cell: lostCell },
      { name: '', cell: actionsOf },
    ],
  });
  const deliveries = shownId === null ? null : makeTable({
    caption: `Attempts of webhook ${shownId}`, keyOf: (each) => `${each.messageId} ${each.attempt} ${each.sentAt}`,
    empty: 'Nothing has been sent yet. “Try it” sends a test message, which isn’t listed here.',
    columns: [
      { name: 'When', cell: (each) => ago(each.sentAt) },
      { name: 'Message', cell: (each) => el('code', {}, each.messageId) },
      { name: 'Of', cell: (each) => each.event },
      { name: 'Attempt', numeric: true, cell: (each) => String(each.attempt) },
      { name: 'Outcome', cell: outcomeOf },
      { name: 'Took', numeric: true, cell: (each) => `${Math.round(each.seconds * 1_000)} ms` },
      { name: 'Again', cell: (each) => each.nextAt == null ? '' : ago(each.nextAt) },
    ],
  });
  const barred = el('p', { className: 'soft', hidden: true }, FORBIDDEN);
  const sent = deliveries === null ? null
    : el('div', {}, el('h3', {}, `What was sent to webhook ${shownId}`), deliveries.element);
  const parts = el('div', {}, table.element,
    sent, form(), made);
  return {
    element: el('div', {}, el('h2', {}, 'Webhooks'), barred, parts),
    async refresh() {
      try {
        const [{ webhooks }, attempts] = await Promise.all([ask('webhooks', { signal }),
          isShown ? ask(`webhooks/${encodeURIComponent(shownId)}/deliveries`, { signal }) : null]);
        table.update(webhooks);
        if (attempts !== null) deliveries.update(attempts.deliveries);
      } catch (error) {
        if (!(error instanceof NoAccess)) throw error;
        parts.hidden = true;
        barred.hidden = false;
      }
    },
  };

  function form() {
    const field = (name, label, note) => el('p', {}, el('label', { htmlFor: `hook-${name}` }, label),
      el('input', { type: 'text', id: `hook-${name}`, name, placeholder: note, autocomplete: 'off', spellcheck: false,
        required: name === 'url' }));
    const given = el('form', { className: 'filter', ariaLabel: 'New webhook' },
      field('url', 'Address', 'https://…'), field('title', 'Name', 'optional'),
      field('queues', 'Queues', 'a, b; empty: all'),
      el('fieldset', {}, el('legend', {}, 'Tell of'), ...EVENTS.map(([event, what]) => el('p', {},
        el('input', { type: 'checkbox', id: `event-${event}`, name: 'event', value: event,
          defaultChecked: PRESSING_EVENTS.has(event) }), ' ',
        el('label', { htmlFor: `event-${event}` }, event), el('span', { className: 'soft' }, ` ${what}`)))),
      el('button', { type: 'submit' }, 'Create a webhook'));
    given.addEventListener('submit',
      (event) => { event.preventDefault(); create(given).catch((error) => tell(error.message, true)); });
    return el('details', { open: false }, el('summary', {}, 'New webhook'), given);
  }

  async function create(given) {
    const values = new FormData(given);
    const queues = String(values.get('queues')).split(',').map((name) => name.trim()).filter((name) => name !== '');
    const events = values.getAll('event').map(String);
    if (events.length === 0) { tell('Choose at least one event.', true); return; }
    const webhook = await ask('webhooks', { method: 'POST', body: {
      url: values.get('url'), events, ...(values.get('title') === '' ? {} : { name: values.get('title') }),
      ...(queues.length === 0 ? {} : { queues }),
    } });
    showSecret(webhook);
    given.reset();
    await refresh();
    tell(`Webhook ${webhook.id} was created.`);
  }

  function showSecret(webhook) {
    made.replaceChildren(el('h3', {}, `The secret of webhook ${webhook.id}: copy it now, it is shown only once`),
      sample(webhook.secret, 'the secret'),
      el('p', {}, 'The receiver checks each message’s signature with it, by ',
        el('a', { href: 'https://www.standardwebhooks.com/', rel: 'noreferrer' }, 'Standard Webhooks'), '.'));
    made.hidden = false;
  }

  function actionsOf(webhook) {
    const { id } = webhook;
    const button = (name, act) => Object.assign(actionButton(name, act), { ariaLabel: `${name} webhook ${id}` });
    return el('div', { className: 'row' },
      button('Try', async () => {
        const { delivered, status, error } = await ask(`webhooks/${id}/test`, { method: 'POST' });
        if (!delivered) throw new Error(`Webhook ${id}: ${error ?? `the receiver answered ${status}.`}`);
        return `Webhook ${id}: the receiver accepted a test message.`;
      }),
      link({ view: 'access', webhook: id }, el('span', { className: 'hidden-text' }, `Webhook ${id}: `), 'Sent'),
      webhook.active ? null : button('Enable', async () => {
        await ask(`webhooks/${id}/enable`, { method: 'POST' });
        await refresh();
        return `Webhook ${id} is active again; its pending messages are being sent.`;
      }),
      button('New secret…', async () => {
        if (!await confirmed({ title: `A new secret for webhook ${id}?`,
          text: 'Messages are also signed with the old one for 24 hours, so that the receiver can switch.',
          action: 'Create a new secret' })) return null;
        showSecret(await ask(`webhooks/${id}/rotate`, { method: 'POST' }));
        return `Webhook ${id} has a new secret.`;
      }),
      button('Delete…', async () => {
        if (!await confirmed({ title: `Delete webhook ${id}?`,
          text: webhook.pending === 0 ? 'Nothing more is sent to its address.'
            : `${number(webhook.pending)} pending messages will never be sent.`, action: 'Delete the webhook' }))
              return null;
        await ask(`webhooks/${id}`, { method: 'DELETE' });
        if (String(id) === shownId) {
          isShown = false;
          sent.hidden = true;
          history.replaceState(null, '', '?view=access');
        }
        await refresh();
        return `Webhook ${id} is deleted.`;
      }));
  }
}

function scopeOf({ queues, group, submitter }) {
  const parts = [...(queues ?? []), ...(group == null ? [] : [`group ${group}`]),
    ...(submitter == null ? [] : [`token ${submitter}’s tasks`])];
  return parts.length === 0 ? 'all' : parts.join(', ');
}

function stateOf({ active, disabledAt, failingSince, lastError }) {
  const [look, text, since] = !active ? ['bad', '✕ disabled', disabledAt]
    : failingSince != null ? ['bad', '! failing', failingSince] : ['good', '● active', null];
  return el('span', {}, el('span', { className: `state ${look}` }, text), since == null ? null : ' since ',
    since == null ? null : ago(since), lastError == null ? null : el('div', { className: 'soft' }, lastError));
}

const lostOf = ({ dropped, givenUp }) => dropped + givenUp;

const lostCell = (webhook) => el('span', { className: lostOf(webhook) > 0 ? 'bad' : '',
  title: `${number(webhook.dropped)} dropped because too many were waiting,  ` +
    `${number(webhook.givenUp)} given up after ten tries` },
  number(lostOf(webhook)));

const outcomeOf = ({ delivered, status, error }) => el('span', { className: delivered ? 'good' : 'bad' },
  delivered ? `● accepted (${status})` : `✕ ${error ?? status}`);
