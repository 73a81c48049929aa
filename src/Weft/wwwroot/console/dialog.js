// Confirmations before changes, and messages about their outcome.

import { el } from '../elements.js';

/**
 * Asks before something is changed that can't be taken back.
 * @param {{title: string, text: string, action: string, typed?: string}} question What `typed` says has to be typed.
 * @returns {Promise<boolean>}
 */
export function confirmed({ title, text, action, typed }) {
  const yes = el('button', { type: 'submit', value: 'yes', disabled: typed !== undefined }, action);
  const field = typed === undefined ? null
    : el('input', { type: 'text', id: 'typed', autocomplete: 'off', spellcheck: false });
  field?.addEventListener('input', () => { yes.disabled = field.value !== typed; });
  const dialog = el('dialog', { ariaLabel: title }, el('form', { method: 'dialog' },
    el('h2', {}, title), el('p', {}, text),
    field === null ? null : el('p', {}, el('label', { htmlFor: 'typed' }, `Type ${typed} to continue`), field),
    el('div', { className: 'row' }, yes,
      el('button', { type: 'submit', value: 'no', className: 'small', formNoValidate: true }, 'Leave it'))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener('close', () => { dialog.remove(); resolve(dialog.returnValue === 'yes'); }));
}

/** Shows the outcome of an action. @param {string} text @param {boolean} [isBad] */
export function tell(text, isBad = false) {
  const place = /** @type {HTMLElement} */ (document.getElementById('outcome'));
  place.textContent = text;
  place.classList.toggle('bad', isBad);
}

/**
 * A button that does something at the coordinator, and says what came of it.
 * @param {string} name
 * @param {() => Promise<string | null>} act Returns what to say; null: nothing was done.
 */
export function actionButton(name, act) {
  const button = el('button', { type: 'button', className: 'small' }, name);
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      const outcome = await act();
      if (outcome !== null) tell(outcome);
    } catch (error) {
      tell(error.message, true);
    } finally {
      button.disabled = false;
    }
  });
  return button;
}
