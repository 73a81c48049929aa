// Pictures of results: the mean of numbers with its error, and tiles of an image.

const HEIGHT = 220;
const POINTS_MAX = 400;
const SIZE_MAX = 2_048;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** The mean of numbers as they come, and how sure it is. */
export class Mean {
  #count = 0;
  #mean = 0;
  #squares = 0;
  /** @type {{mean: number, error: number}[]} */ #points = [];
  #every = 1;

  /** @param {number} value */
  add(value) {
    this.#count++;
    // Welford's way: no difference of large sums.
    const before = this.#mean;
    this.#mean += (value - before) / this.#count;
    this.#squares += (value - before) * (value - this.#mean);
    if (this.#count % this.#every !== 0) return;
    this.#points.push({ mean: this.#mean, error: this.error });
    if (this.#points.length < POINTS_MAX) return;
    this.#points = this.#points.filter((_, index) => index % 2 === 1);
    this.#every *= 2;
  }

  get count() { return this.#count; }
  get mean() { return this.#mean; }
  /** The standard error of the mean. */
  get error() { return this.#count < 2 ? 0 : Math.sqrt(this.#squares / (this.#count - 1) / this.#count); }

  /** @param {HTMLCanvasElement} canvas */
  draw(canvas) {
    const { context, width } = prepared(canvas, HEIGHT);
    // The first results vary widely and would set the scale.
    const shown = this.#points.slice(Math.floor(this.#points.length / 20));
    if (shown.length < 2) return;
    const low = Math.min(...shown.map(({ mean, error }) => mean - error)),
      high = Math.max(...shown.map(({ mean, error }) => mean + error));
    const x = (index) => 60 + (width - 70) * index / (shown.length - 1);
    const y = (value) => high === low ? HEIGHT / 2 : 10 + (HEIGHT - 20) * (high - value) / (high - low);
    context.fillStyle = colour('line');
    context.beginPath();
    shown.forEach(({ mean, error }, index) => context.lineTo(x(index), y(mean + error)));
    shown.toReversed()
      .forEach(({ mean, error }, index) => context.lineTo(x(shown.length - 1 - index), y(mean - error)));
    context.fill();
    context.strokeStyle = colour('link');
    context.lineWidth = 2;
    context.beginPath();
    shown.forEach(({ mean }, index) => context.lineTo(x(index), y(mean)));
    context.stroke();
    context.fillStyle = colour('soft');
    context.font = '12px system-ui, sans-serif';
    for (const value of high === low ? [low] : [low, (low + high) / 2, high])
      context.fillText(value.toPrecision(5), 0, Math.min(HEIGHT - 2, y(value) + 4));
  }
}

/**
 * Whether a result is a tile: `{"tile": [left, top, width, height], "size": 320, "pixels": [0 to 255, …]}`.
 * @param {any} result
 */
export function isTile(result) {
  const { tile, size, pixels } = result ?? {};
  if (!Array.isArray(tile) || tile.length !== 4 || !tile.every(Number.isSafeInteger)) return false;
  const [left, top, width, height] = tile;
  return Number.isSafeInteger(size) && size > 0 && size <= SIZE_MAX
    && left >= 0 && top >= 0 && width > 0 && height > 0 && left + width <= size && top + height <= size
    && Array.isArray(pixels) && pixels.length === width * height;
}

/** @param {HTMLCanvasElement} canvas @param {{tile: number[], size: number, pixels: number[]}} result */
export function drawTile(canvas, { tile: [left, top, width, height], size, pixels }) {
  if (canvas.width !== size) [canvas.width, canvas.height] = [size, size];
  const image = new ImageData(width, height);
  pixels.forEach((value, index) => {
    const v = Math.max(0, Math.min(255, Number(value) || 0));
    image.data.set(v === 255 ? [0, 0, 0, 255] : [Math.min(255, v * 9), Math.min(255, v * 4), 255 - v / 2, 255],
      4 * index);
  });
  canvas.getContext('2d')?.putImageData(image, left, top);
}

/** A canvas as sharp as the screen. @param {HTMLCanvasElement} canvas @param {number} height */
function prepared(canvas, height) {
  const width = canvas.clientWidth || 300, scale = devicePixelRatio || 1;
  [canvas.width, canvas.height] = [width * scale, height * scale];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.scale(scale, scale);
  return { context, width };
}
