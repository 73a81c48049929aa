// Functions to begin with: for each language, what it runs on.

const PI = `import random

def task(seed):
    """Throws 100,000 darts at a square: the share within the circle is pi / 4."""
    random.seed(seed)
    hits = sum(random.random() ** 2 + random.random() ** 2 < 1 for _ in range(100_000))
    return 4 * hits / 100_000
`;

const PI_JS = `export default function (seed) {
  // Throws 1,000,000 darts at a square: the share within the circle is pi / 4.
  let hits = 0;
  for (let dart = 0; dart < 1e6; dart++) if (Math.random() ** 2 + Math.random() ** 2 < 1) hits++;
  return 4 * hits / 1e6;
}
`;

const FRACTAL = `SIZE, TILE = 320, 20

def task(number):
    """One tile of the Mandelbrot set: how soon each point leaves, from 0 to 255."""
    across = SIZE // TILE
    left, top = number % across * TILE, number // across * TILE
    pixels = []
    for y in range(top, top + TILE):
        for x in range(left, left + TILE):
            c = complex(3 * x / SIZE - 2.2, 3 * y / SIZE - 1.5)
            z, steps = 0, 0
            while abs(z) <= 2 and steps < 255:
                z, steps = z * z + c, steps + 1
            pixels.append(steps)
    return {"tile": [left, top, TILE, TILE], "size": SIZE, "pixels": pixels}
`;

const FRACTAL_JS = `const SIZE = 320, TILE = 20;

export default function (number) {
  // One tile of the Mandelbrot set: how soon each point leaves, from 0 to 255.
  const across = SIZE / TILE, left = number % across * TILE, top = Math.floor(number / across) * TILE;
  const pixels = [];
  for (let y = top; y < top + TILE; y++) {
    for (let x = left; x < left + TILE; x++) {
      const a = 3 * x / SIZE - 2.2, b = 3 * y / SIZE - 1.5;
      let [p, q, steps] = [0, 0, 0];
      while (p * p + q * q <= 4 && steps < 255) { [p, q] = [p * p - q * q + a, 2 * p * q + b]; steps++; }
      pixels.push(steps);
    }
  }
  return { tile: [left, top, TILE, TILE], size: SIZE, pixels };
}
`;

const HASH = `from hashlib import sha256
from itertools import product
from string import ascii_lowercase as letters

SECRET = "e627e2237f44543d8b79e2772a7cc79f6c8d0ea2854eef84f69fbef586339c91"

def task(number):
    """Tries all words of four letters that begin with two given ones."""
    start = letters[number // 26] + letters[number % 26]
    for end in product(letters, repeat=2):
        word = start + "".join(end)
        if sha256(word.encode()).hexdigest() == SECRET:
            return {"found": word}
`;

export const EXAMPLES = {
  pi: { python: PI, javascript: PI_JS, from: 1, to: 300 },
  fractal: { python: FRACTAL, javascript: FRACTAL_JS, from: 0, to: 255 },
  hash: { python: HASH, javascript: null, from: 0, to: 675 },
};
