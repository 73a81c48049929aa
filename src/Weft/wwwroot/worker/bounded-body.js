// Bodies of responses, up to a limit: a server that isn't the coordinator must not fill the tab's memory.

/** What is longer than anything that the coordinator says. */
export class TooLong extends Error {}

/**
 * @param {Response} response
 * @param {number} bytesMax
 * @param {(received: number) => void} [onProgress]
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {TooLong}
 */
export async function bytesOf(response, bytesMax, onProgress = () => {}) {
  if (response.body === null) return new Uint8Array();
  const chunks = [];
  let received = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value);
    received += part.value.byteLength;
    if (received > bytesMax) {
      reader.cancel().catch(() => {});
      throw new TooLong(`The response is longer than ${bytesMax} bytes.`);
    }
    onProgress(received);
  }

  const bytes = new Uint8Array(received);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** As {@link bytesOf}, as text. @param {Response} response @param {number} bytesMax */
export async function textOf(response, bytesMax) {
  return new TextDecoder().decode(await bytesOf(response, bytesMax));
}
