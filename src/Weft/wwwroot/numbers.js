// Numbers for people.

/** A rate that never rounds slow work to nothing. @param {number} perSecond */
export function rateText(perSecond) {
  if (perSecond <= 0) return '0';
  for (const [unit, seconds] of /** @type {[string, number][]} */ ([['s', 1], ['min', 60], ['h', 3_600]])) {
    const rate = perSecond * seconds;
    if (rate >= 10) return `${Math.round(rate).toLocaleString('en')}/${unit}`;
    if (rate >= 1) return `${rate.toFixed(1)}/${unit}`;
  }
  return `${(perSecond * 3_600).toFixed(1)}/h`;
}

/** @param {number} seconds */
export function durationText(seconds) {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

/** @param {number} count @param {string} one @param {string} [many] */
export function countText(count, one, many = `${one}s`) {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
