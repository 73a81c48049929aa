// Tables of members: of bodies, answers and parameters.

import { el } from '../elements.js';

/**
 * @param {import('./description.js').Description} description
 * @param {any} schema Of an object.
 */
export function memberList(description, schema) {
  const required = new Set(schema.required ?? []);
  return list(description,
    Object.entries(schema.properties ?? {})
      .map(([name, node]) => ({ name, node, required: required.has(name), text: node.description })));
}

/**
 * @param {import('./description.js').Description} description
 * @param {any[]} parameters
 */
export function parameterList(description, parameters) {
  return list(description, parameters.map((parameter) => ({
    name: parameter.name,
    node: parameter.schema,
    required: parameter.required === true,
    text: parameter.description,
    place: parameter.in,
  })));
}

function list(description, rows) {
  return el('dl', { className: 'members' }, ...rows.map(({ name, node, required, text, place }) => {
    const schema = description.follow(node);
    return el('div', {},
      el('dt', {}, el('code', {}, name), required ? el('span', { className: 'must' }, 'required') : null),
      el('dd', {},
        el('span', { className: 'kind' }, [place && `${place}: `, kind(description, schema)].filter(Boolean).join('')),
        text ?? schema.description ?? null,
        inner(description, schema)));
  }));
}

/** The members of what is within, folded away. */
function inner(description, schema) {
  const within = schema.type === 'array' ? description.follow(schema.items) : schema;
  if (!within?.properties) return null;
  return el('details', {}, el('summary', {}, schema.type === 'array' ? 'Members of each' : 'Members'),
    memberList(description, within));
}

/** The type with its bounds, in words. */
function kind(description, schema) {
  const words = [base(description, schema), bounds(schema)];
  if (schema.enum) words.push(`one of ${schema.enum.join(', ')}`);
  if (schema.pattern) words.push(`matching ${schema.pattern}`);
  if (schema.default !== undefined) words.push(`default ${JSON.stringify(schema.default)}`);
  return words.filter(Boolean).join(', ');
}

function base(description, schema) {
  if (schema.type === 'array') return `array of ${base(description, description.follow(schema.items)) ?? 'any JSON'}`;
  if (schema.format === 'date-time') return 'time';
  return schema.type ?? 'any JSON';
}

function bounds(schema) {
  const span = (from, to, unit = '') => {
    if (from === undefined && to === undefined) return null;
    const [low, high] = [from, to].map((number) => number?.toLocaleString('en'));
    return (from === undefined ? `at most ${high}` : to === undefined ? `at least ${low}` : `${low} to ${high}`) + unit;
  };
  if (schema.exclusiveMinimum !== undefined)
    return `over ${schema.exclusiveMinimum}`
      + (schema.maximum === undefined ? '' : `, at most ${schema.maximum.toLocaleString('en')}`);
  return span(schema.minimum, schema.maximum) ?? span(schema.minLength, schema.maxLength, ' characters')
    ?? span(schema.minItems, schema.maxItems, ' items');
}
