const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/**
 * @typedef {object} Operation
 * @property {string} id
 * @property {string} method In capitals.
 * @property {string} path
 * @property {string} summary
 * @property {string} [description]
 * @property {any[]} parameters
 * @property {boolean} takesToken Where tokens are required.
 * @property {{ media: string, schema: any, example: any, required: boolean } | null} body
 * @property {{ status: string, description: string, headers: Record<string, any>, media: string, schema: any,
 *   examples: Record<string, any> }[]} answers
 */

/** An OpenAPI document, with its references followed. */
export class Description {
  #root;

  /** @param {any} root The document. */
  constructor(root) {
    this.#root = root;
  }

  /** Paragraphs. */
  get about() {
    return String(this.#root.info.description ?? '').split('\n\n');
  }

  /** Operations by their first tag, in the order of the document. */
  get groups() {
    const operations = Object.entries(this.#root.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method])
        .map((method) => ({ tag: item[method].tags[0], operation: this.#operation(path, method, item[method]) })));
    return this.#root.tags.map((tag) => ({
      name: tag.name,
      description: tag.description ?? '',
      operations: operations.filter((each) => each.tag === tag.name).map((each) => each.operation),
    }));
  }

  /** The thing itself, where a node only points to it. */
  follow(node) {
    return node?.$ref ? node.$ref.slice(2).split('/').reduce((at, name) => at[name], this.#root) : node;
  }

  /** @returns {Operation} */
  #operation(path, method, node) {
    return {
      id: node.operationId,
      method: method.toUpperCase(),
      path,
      summary: node.summary,
      description: node.description,
      takesToken: (node.security ?? []).length > 0,
      parameters: (node.parameters ?? []).map((parameter) => this.follow(parameter)),
      body: this.#body(this.follow(node.requestBody)),
      answers: Object.entries(node.responses).map(([status, answer]) => this.#answer(status, this.follow(answer))),
    };
  }

  #body(node) {
    if (!node) return null;
    const [[name, media]] = Object.entries(node.content);
    return { media: name, schema: this.follow(media.schema), example: media.example, required: node.required === true };
  }

  #answer(status, node) {
    const [[name, media] = ['', null]] = Object.entries(node.content ?? {});
    const examples = media?.examples
      ? Object.fromEntries(Object.entries(media.examples).map(([code, example]) => [code, example.value]))
      : media?.example === undefined ? {} : { '': media.example };
    return { status, description: node.description, headers: node.headers ?? {}, media: name,
      schema: this.follow(media?.schema), examples };
  }
}
