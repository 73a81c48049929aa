// The snapshot of an interpreter's memory, kept in this browser for reloads of the page: 30 MB, of one version at a
// time. A failure here only costs a slower start.

const DATABASE = 'weft-python';
const STORE = 'snapshots';

/** @param {string} version Of Pyodide. @returns {Promise<Uint8Array<ArrayBuffer> | undefined>} */
export async function keptSnapshot(version) {
  const kept = await use('readonly', (store) => store.get(version)).catch(() => undefined);
  return kept instanceof Uint8Array ? kept : undefined;
}

/** Keeps this one only. @param {string} version @param {Uint8Array<ArrayBuffer>} snapshot */
export async function keepSnapshot(version, snapshot) {
  await use('readwrite', (store) => {
    store.clear();
    return store.put(snapshot, version);
  }).catch(() => {});
}

/** @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} ask */
async function use(mode, ask) {
  // Version 1 may hold what a module has forged.
  const opening = indexedDB.open(DATABASE, 2);
  opening.onupgradeneeded = () => {
    if (opening.result.objectStoreNames.contains(STORE)) opening.result.deleteObjectStore(STORE);
    opening.result.createObjectStore(STORE);
  };
  const database = await done(opening);
  try {
    return await done(ask(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

/** @param {IDBRequest} request @returns {Promise<any>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    /** @type {IDBOpenDBRequest} */ (request).onblocked = () => reject(new Error('Another tab holds it open.'));
  });
}
