// How to submit tasks and how to work on them, as this coordinator accepts them.

import { copiesOnClick, el } from '../elements.js';

const EXAMPLE_ROOT = 'http://localhost:8080';
const TOKEN_LINE = 'export WEFT_TOKEN=weft_… # a token with the scopes submit and work\n';

const CURL = `api=http://localhost:8080/api/v1
id=$(curl -s $api/tasks -d '{"queue":"squares","payload":12}' | sed 's/.*"id":\\([0-9]*\\).*/\\1/')
lease=$(curl -s $api/tasks/claim -d '{"workerId":"me","queues":["squares"]}' |
  sed 's/.*"leaseToken":"\\([0-9a-f]*\\)".*/\\1/')
curl -s $api/tasks/$id/complete -d "{\\"leaseToken\\":\\"$lease\\",\\"result\\":144}"
curl -s "$api/tasks/$id?wait=20"`;

const COMMANDS = `export WEFT_URL=http://localhost:8080
weft worker --queue squares --exec 'read n; echo $((n * n))' &
seq 1 1000 | weft map --queue squares
kill %1`;

const CSHARP = `// dotnet new console; dotnet add reference PATH-TO-WEFT/src/Weft.Client
using System.Text.Json.Serialization;
using Weft.Client;

var weft = new WeftClient(new HttpClient { BaseAddress = new("http://localhost:8080/") });
var id = await weft.SubmitAsync(12, Squares.Default.Int32, new() { Queue = "squares" });
Console.WriteLine(await weft.WaitAsync(id, Squares.Default.Int64));

[JsonSerializable(typeof(int)), JsonSerializable(typeof(long))]
internal sealed partial class Squares : JsonSerializerContext;`;

/** @returns {{id: string, title: string, code: string}[]} */
const examples = () => [
  { id: 'curl', title: 'curl', code: CURL }, { id: 'commands', title: 'Command line', code: COMMANDS },
  { id: 'csharp', title: 'C#', code: CSHARP },
];

/** How an example of each kind sends a token; by the ids of the examples. */
const withToken = {
  curl: (text) => TOKEN_LINE + text.replaceAll('curl -s ', 'curl -s -H "Authorization: Bearer $WEFT_TOKEN" '),
  commands: (text) => TOKEN_LINE + text,
  csharp:
    (text) => text.replace('") });', '") }, new() { Token = Environment.GetEnvironmentVariable("WEFT_TOKEN") });'),
};

/** @type {Map<Element, string>} */ const originals = new Map();

/** @param {Iterable<Element>} examples @param {URL} root @param {boolean} requiresToken */
function showExamples(examples, root, requiresToken) {
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

/**
 * @param {HTMLElement} place @returns {{show: (requiresToken: boolean) => void}} Shows the examples, with a token or
 *   without.
 */
export function addStart(place) {
  const boxes = examples().map(({ id, title, code }) => {
    const text = el('code', {}, code);
    const button = el('button', { type: 'button', className: 'small', ariaLabel: `Copy the ${title} example` }, 'Copy');
    copiesOnClick(button, text);
    return el('div', { className: 'example', id }, el('h3', {}, title), button, el('pre', { tabIndex: 0 }, text));
  });
  place.append(
    el('ul', { className: 'ways' },
      el('li', {}, el('a', { href: 'docs/' }, 'API reference'),
        el('span', { className: 'soft' }, 'Every request under ', el('code', {}, '/api/v1'),
          ', with a command to copy. Also as ', el('a', { href: 'openapi/v1.json' }, 'OpenAPI'), '.')),
      el('li', {}, el('a', { href: 'worker/' }, 'Work in this tab'),
        el('span', { className: 'soft' }, 'One click, and this browser’s cores run the tasks’ modules.')),
      el('li', {}, el('a', { href: 'lab/' }, 'Lab'),
        el('span', { className: 'soft' }, 'Write a function here, and let a class compute it.')),
      el('li', {}, el('a', { href: 'samples/matrix/main/' }, 'Multiply matrices'),
        el('span', { className: 'soft' }, 'The sample’s main program; open ',
          el('a', { href: 'samples/matrix/worker/' }, 'its worker'), ' in a second tab.'))),
    ...boxes);
  return { show: (requiresToken) => showExamples(boxes, new URL('./', location.href), requiresToken) };
}
