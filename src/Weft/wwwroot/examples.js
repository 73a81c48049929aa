// Examples to paste, as this coordinator takes them.

const EXAMPLE_ROOT = 'http://localhost:8080';
const TOKEN_LINE = 'export WEFT_TOKEN=weft_… # a token with the scopes submit and work\n';

/** How an example of each kind sends a token; by the ids of the examples. */
const withToken = {
  curl: (text) => TOKEN_LINE + text.replaceAll('curl -s ', 'curl -s -H "Authorization: Bearer $WEFT_TOKEN" '),
  commands: (text) => TOKEN_LINE + text,
  csharp: (text) => text.replace('") });', '") }, new() { Token = Environment.GetEnvironmentVariable("WEFT_TOKEN") });'),
};

/** @type {Map<Element, string>} */ const originals = new Map();

/** @param {Iterable<Element>} examples @param {URL} root @param {boolean} requiresToken */
export function showExamples(examples, root, requiresToken) {
  for (const example of examples) {
    const code = /** @type {Element} */ (example.querySelector('code'));
    const original = originals.get(code) ?? code.textContent ?? '';
    originals.set(code, original);
    const here = original.replaceAll(EXAMPLE_ROOT, root.href.replace(/\/$/, ''));
    const text = requiresToken ? withToken[example.id](here) : here;
    // Written only when it differs: a person may be selecting it.
    if (code.textContent !== text) code.textContent = text;
  }
}
