/**
 * Makes an element. Children that are strings become text, never markup.
 * @param {string} tag
 * @param {Record<string, unknown>} properties of the DOM object: className, href, …
 * @param {...(Node | string | null | undefined)} children those that are null are left out
 * @returns {any}
 */
export function el(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter(child => child != null));
  return element;
}

/**
 * A block of text with a button that copies it.
 * @param {string} text
 * @param {string} name what a screen reader says that the button copies
 */
export function sample(text, name) {
  const button = el('button', { type: 'button', ariaLabel: `Copy ${name}` }, 'Copy');
  const block = el('pre', { tabIndex: 0 }, el('code', {}, text));
  button.addEventListener('click', async () => {
    button.textContent = await copy(text, block) ? 'Copied' : 'Selected';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
  return el('div', { className: 'sample' }, block, button);
}

/** False: the page may not write to the clipboard (plain http), and the text is selected instead. */
async function copy(text, block) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(block);
    return false;
  }
}

/**
 * JSON for people: on one line where it fits.
 * @param {unknown} value
 */
export function pretty(value) {
  const line = JSON.stringify(value);
  return line.length <= 72 ? line : JSON.stringify(value, null, 2);
}
