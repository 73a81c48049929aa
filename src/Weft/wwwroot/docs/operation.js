// One operation: its parameters, how to try it, and its responses.

import { el, pretty, sample } from '../elements.js';
import { memberList, parameterList } from './members.js';
import { curl } from './curl.js';

/**
 * @param {import('./description.js').Description} description
 * @param {import('./description.js').Operation} operation
 * @param {URL} root Where the coordinator is.
 * @param {boolean} requiresToken Whether the coordinator does.
 */
export function operationArticle(description, operation, root, requiresToken) {
  return el('article', { className: 'operation', id: operation.id },
    el('h3', {}, el('a', { href: `#${operation.id}` }, operation.summary)),
    el('p', { className: 'route' }, el('span', { className: `method ${operation.method}` }, operation.method),
      operation.path),
    operation.description ? el('p', {}, operation.description) : null,
    ...section('Parameters', operation.parameters.length > 0 && parameterList(description, operation.parameters)),
    ...section(operation.body?.required === false ? 'Body (optional)' : 'Body',
      operation.body && body(description, operation.body)),
    ...section('Try it', sample(curl(operation, root, requiresToken), 'the command')),
    ...section('Responses',
      el('div', { className: 'answers' }, ...operation.answers.map((each) => answer(description, each)))));
}

function section(title, content) {
  return content ? [el('h4', {}, title), content] : [];
}

function body(description, { schema }) {
  return schema.properties ? memberList(description, schema) : el('p', {}, 'Anything.');
}

function answer(description, { status, description: text, headers, media, schema, examples }) {
  const isGood = status.startsWith('2');
  const codes = Object.keys(examples).filter(Boolean);
  return el('details', { className: isGood ? 'good' : 'bad', open: isGood },
    el('summary', {}, el('b', {}, status), codes.length > 0 ? el('code', {}, `${codes.join(', ')} `) : null, text),
    ...Object.entries(headers).map(([name, header]) => el('p', {}, el('code', {}, name), `: ${header.description}`)),
    media && media !== 'application/json' ? el('p', {}, el('code', {}, media)) : null,
    ...Object.entries(examples).map(([code, value]) => sample(pretty(value), `the example ${code || status}`)),
    isGood && schema?.properties ? memberList(description, schema) : null);
}
