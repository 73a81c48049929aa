// What a worker that shares its realm with an untrusted program removes from it first.

// Workers of its own would take more cores than the volunteer gives; what it reports would keep the page busy; and a
// shader can hang the display.
const NAMES = ['postMessage', 'close', 'reportError', 'Worker', 'SharedWorker', 'OffscreenCanvas'];

/** Removes what a program could speak or spread by, and these names. @param {string[]} [more] */
export function takeAway(more = []) {
  for (let holder = self; holder !== null; holder = Object.getPrototypeOf(holder)) {
    for (const name of [...NAMES, ...more]) delete holder[name];
  }
  delete Object.getPrototypeOf(navigator).gpu;
  for (const name of Object.keys(console)) console[name] = () => {};
}
