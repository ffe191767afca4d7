/** Gives uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * A generator that gives the same numbers for the same seed: a Weyl sequence through the 32-bit finalizer of
 * MurmurHash3. Good enough to simulate with; nothing secret may hang on it.
 */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return mix(state) / 2 ** 32;
  };
}

/** Numbers and texts as one seed of 32 bits. */
export function seedFrom(...parts: readonly (number | string)[]): number {
  let seed = 0;
  for (const part of parts) {
    const text = String(part);
    for (let index = 0; index < text.length; index++)
      seed = (Math.imul(seed, 31) + text.charCodeAt(index)) | 0;
    seed = mix(seed + parts.length) | 0;
  }
  return seed;
}

/** The point below which a standard normal number lies with this probability; error under 0.0005. */
export function normalQuantile(probability: number): number {
  return probability < 0.5 ? -upperQuantile(probability) : upperQuantile(1 - probability);
}

/** The share of standard normal numbers above `z`: Abramowitz and Stegun 26.2.17, good far into the tail. */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)) * series;
}

/** The point above which a standard normal number lies with this probability. */
export function tailQuantile(tail: number): number {
  return tail > 0.5 ? -upperQuantile(1 - tail) : upperQuantile(tail);
}

/** For a tail of at most a half: Abramowitz and Stegun 26.2.23. */
function upperQuantile(tail: number): number {
  const t = Math.sqrt(-2 * Math.log(Math.max(tail, 1e-300)));
  return (
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  );
}

function mix(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
