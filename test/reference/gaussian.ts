import seedrandom from 'seedrandom'

/** n×d standard normal numbers (Box–Muller) that depend on the seed alone. */
export function gaussian(seed: string, n: number, d: number): Float64Array {
  const uniform = seedrandom(seed)
  const out = new Float64Array(n * d)
  for (let at = 0; at < out.length; at += 2) {
    // 1 − u lies in (0, 1], so the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    out[at] = radius * Math.cos(angle)
    if (at + 1 < out.length) out[at + 1] = radius * Math.sin(angle)
  }
  return out
}
