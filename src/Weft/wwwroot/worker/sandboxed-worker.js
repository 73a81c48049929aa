// A worker for JavaScript modules, as the poller sees it: the same as a compute worker. What runs in it lives in a frame of
// an opaque origin, and only the page can make frames: see sandbox-host.js.

let count = 0;

export class SandboxedWorker {
  /** @type {((event: {data: any}) => void) | null} */ onmessage = null;
  /** @type {((event: {message?: string}) => void) | null} */ onerror = null;
  #id = ++count;
  #channel = new MessageChannel();

  constructor() {
    this.#channel.port1.onmessage = ({ data }) => {
      if (data.broken !== undefined) this.onerror?.({ message: data.broken });
      else this.onmessage?.({ data });
    };
    postMessage({ kind: 'sandbox', id: this.#id, port: this.#channel.port2 }, [this.#channel.port2]);
  }

  /** @param {unknown} message */
  postMessage(message) {
    this.#channel.port1.postMessage(message);
  }

  terminate() {
    this.#channel.port1.close();
    postMessage({ kind: 'sandbox-end', id: this.#id });
  }
}
