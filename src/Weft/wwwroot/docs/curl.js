/**
 * A command line that asks for this operation, with the example's values.
 * @param {import('./description.js').Operation} operation
 * @param {URL} root where the coordinator is
 */
export function curl(operation, root) {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => example(operation.parameters.find(parameter => parameter.name === name)));
  const words = ['curl'];
  if (operation.method !== 'GET' && !(operation.method === 'POST' && operation.body)) words.push('-X', operation.method);
  words.push(quote(new URL(path.slice(1), root).href));
  if (!operation.body) return words.join(' ');
  return `${words.join(' ')} \\\n  -H 'Content-Type: application/json' \\\n  -d ${quote(JSON.stringify(operation.body.example))}`;
}

function example(parameter) {
  return parameter?.schema.type === 'integer' ? '1' : 'squares';
}

/** As a shell takes it literally. */
function quote(text) {
  return /^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
