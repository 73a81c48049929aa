const SHOWN_MS = 2_000;

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
