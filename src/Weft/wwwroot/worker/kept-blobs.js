// The files of tasks, kept in this browser for reloads of the page, on https and on plain http alike: the least
// recently used are deleted when there are too many bytes. A failure here only costs a download.

const DATABASE = 'weft-files';
const BLOBS = 'blobs', USES = 'uses';
const BYTES_MAX = 2 * 2 ** 30;

/** @param {string} hash @returns {Promise<Blob | undefined>} */
export async function keptBlob(hash) {
  return await use(async (blobs, uses) => {
    const kept = await done(blobs.get(hash));
    if (!(kept instanceof Blob)) return undefined;
    uses.put({ hash, bytes: kept.size, at: Date.now() });
    return kept;
  }).then(readable).catch(() => undefined);
}

/**
 * Keeps it.
 * @param {string} hash
 * @param {Blob} blob
 * @returns {Promise<Blob>} The same bytes, on the disk where that can be.
 */
export async function keepBlob(hash, blob) {
  if (blob.size > BYTES_MAX) return blob;
  try {
    await use(async (blobs, uses) => {
      let left = BYTES_MAX - blob.size;
      const others = (await done(uses.getAll())).filter((other) => other.hash !== hash).sort((a, b) => b.at - a.at);
      for (const other of others) {
        left -= other.bytes;
        if (left >= 0) continue;
        blobs.delete(other.hash);
        uses.delete(other.hash);
      }
      blobs.put(blob, hash);
      uses.put({ hash, bytes: blob.size, at: Date.now() });
    });
    return await keptBlob(hash) ?? blob;
  } catch {
    return blob;
  }
}

// A browser short of space may have thrown the bytes away, and left the rest.
/** @param {Blob | undefined} blob */
async function readable(blob) {
  await blob?.slice(-1).arrayBuffer();
  return blob;
}

/** @template T @param {(blobs: IDBObjectStore, uses: IDBObjectStore) => Promise<T>} work @returns {Promise<T>} */
async function use(work) {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(BLOBS);
    opening.result.createObjectStore(USES, { keyPath: 'hash' });
  };
  const database = await done(opening);
  try {
    const transaction = database.transaction([BLOBS, USES], 'readwrite');
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const result = await work(transaction.objectStore(BLOBS), transaction.objectStore(USES));
    await ended;
    return result;
  } finally {
    database.close();
  }
}

/** @param {IDBRequest} request @returns {Promise<any>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
