const WASM = 'application/wasm';

/**
 * A command line that asks for this operation, with the example's values.
 * @param {import('./description.js').Operation} operation
 * @param {URL} root Where the coordinator is.
 * @param {boolean} requiresToken Whether the coordinator does.
 */
export function curl(operation, root, requiresToken) {
  const path = operation.path.replace(/\{(\w+)\}/g,
    (_, name) => example(operation.parameters.find((parameter) => parameter.name === name)));
  const words = ['curl'];
  if (operation.method !== 'GET' && !(operation.method === 'POST' && operation.body))
    words.push('-X', operation.method);
  words.push(quote(new URL(path.slice(1), root).href));
  // A terminal is no place for bytes.
  if (operation.answers.some(({ media }) => media === WASM)) words.push('-o square.wasm');
  const lines = [words.join(' ')];
  if (requiresToken && operation.takesToken) lines.push('-H "Authorization: Bearer $WEFT_TOKEN"');
  if (operation.body) lines.push(`-H 'Content-Type: ${operation.body.media}'`, data(operation.body));
  return lines.join(' \\\n  ');
}

/** @param {NonNullable<import('./description.js').Operation['body']>} body */
function data({ media, example: value }) {
  if (media === WASM) return '--data-binary @square.wasm';
  return `-d ${quote(media === 'application/json' ? JSON.stringify(value) : value)}`;
}

function example(parameter) {
  return parameter?.example ?? (parameter?.schema.type === 'integer' ? '1' : 'squares');
}

/** As a shell takes it literally. */
function quote(text) {
  return /^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
