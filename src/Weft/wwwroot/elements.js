const SHOWN_MS = 2_000;
const SAVED_MS = 60_000;

/**
 * Makes an element. Children that are strings become text, never markup.
 * @param {string} tag
 * @param {Record<string, unknown>} properties Of the DOM object: className, href, …
 * @param {...(Node | string | null | undefined)} children Those that are null are left out.
 * @returns {any}
 */
export function el(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter((child) => child != null));
  return element;
}

/**
 * A block of text with a button that copies it.
 * @param {string} text
 * @param {string} name What a screen reader says that the button copies.
 */
export function sample(text, name) {
  const button = el('button', { type: 'button', ariaLabel: `Copy ${name}` }, 'Copy');
  const block = el('pre', { tabIndex: 0 }, el('code', {}, text));
  copiesOnClick(button, block);
  return el('div', { className: 'sample' }, block, button);
}

/**
 * JSON for people: on one line where it fits.
 * @param {unknown} value
 */
export function pretty(value) {
  const line = JSON.stringify(value);
  return line.length <= 72 ? line : JSON.stringify(value, null, 2);
}

/** Saves a file, as if it were downloaded. @param {string} name @param {Blob} content */
export function save(name, content) {
  const url = URL.createObjectURL(content);
  el('a', { href: url, download: name }).click();
  // Not at once: the browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(url), SAVED_MS);
}

/** Copies an element's text when a button is pressed. @param {HTMLElement} button @param {HTMLElement} element */
export function copiesOnClick(button, element) {
  button.addEventListener('click', async () => {
    button.textContent = await copy(element) ? 'Copied' : 'Selected';
    setTimeout(() => { button.textContent = 'Copy'; }, SHOWN_MS);
  });
}

// False: the page may not write to the clipboard (plain http). The text is selected instead: a keystroke copies it.
async function copy(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    getSelection()?.selectAllChildren(element);
    return false;
  }
}
