/** Seeded key sets from named distributions: the same numbers from the same seed, on every machine. */
import ndarray from 'ndarray'
import type { NdArray } from 'ndarray'
import { layerNorm } from '../index.ts'
import { checkInteger, checkOptions, kind } from './check.ts'
import { seeded } from './seeded.ts'

/** How keys are drawn; see `randomKeys`. */
export type Distribution = 'gaussian' | 'cube' | 'heavy' | 'layernorm' | 'lattice' | 'low-rank'

/** What `randomKeys` draws. */
export interface RandomKeysOptions {
  /** Number of keys, an integer >= 1. */
  readonly n: number
  /** Dimension, an integer >= 1. */
  readonly d: number
  /** How the keys are spread. */
  readonly distribution: Distribution
  /** Whatever text or number; the same seed gives the same keys. */
  readonly seed: string | number
  /** Deviation of the logarithm of the norms of `heavy` keys, finite, >= 0; 1 unless given. */
  readonly sigma?: number | undefined
}

interface Draw {
  readonly n: number
  readonly d: number
  readonly out: Float64Array
  readonly sigma: number
  readonly uniform: () => number
  readonly normal: () => number
}

/** Standard normal numbers by Box–Muller; 1 − u lies in (0, 1], so that the logarithm is finite. */
function normals(uniform: () => number): () => number {
  let spare: number | null = null
  return () => {
    if (spare !== null) {
      const kept = spare
      spare = null
      return kept
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}

function fill({ out }: Draw, entry: () => number): Float64Array {
  for (let at = 0; at < out.length; at++) out[at] = entry()
  return out
}

function gaussian(draw: Draw): Float64Array {
  return fill(draw, draw.normal)
}

/** Directions around 16 centres, norms log-normal: exp(σ·z) for standard normal z. */
function heavy(draw: Draw): Float64Array {
  const { n, d, out, sigma, uniform, normal } = draw
  const centres = Array.from({ length: 16 }, () => Float64Array.from({ length: d }, normal))
  for (let i = 0; i < n; i++) {
    const centre = centres[Math.floor(16 * uniform())]
    const key = centre.map((x) => x + 0.5 * normal())
    const factor = Math.exp(sigma * normal()) / Math.sqrt(key.reduce((total, x) => total + x * x, 0))
    out.set(
      key.map((x) => x * factor),
      i * d,
    )
  }
  return out
}

/** Gaussian coordinates in ⌈d/2⌉ dimensions, carried into d by a Gaussian map. */
function lowRank(draw: Draw): Float64Array {
  const { n, d, out, normal } = draw
  const rank = Math.ceil(d / 2)
  const axes = Float64Array.from({ length: rank * d }, normal)
  for (let i = 0; i < n; i++) {
    for (let r = 0; r < rank; r++) {
      const factor = normal()
      for (let c = 0; c < d; c++) out[i * d + c] += factor * axes[r * d + c]
    }
  }
  return out
}

const distributions: Readonly<Record<Distribution, (draw: Draw) => Float64Array>> = {
  gaussian,
  cube: (draw) => fill(draw, () => 2 * draw.uniform() - 1),
  heavy,
  layernorm: (draw) => {
    const { data } = layerNorm({ data: gaussian(draw), shape: [draw.n, draw.d] }, { eps: 0 })
    return Float64Array.from(data)
  },
  lattice: (draw) => fill(draw, () => Math.floor(7 * draw.uniform()) - 3),
  'low-rank': lowRank,
}

function allocate(n: number, d: number): Float64Array {
  try {
    return new Float64Array(n * d)
  } catch {
    throw new RangeError(`n: expected keys that fit in memory, got ${n} of dimension ${d}`)
  }
}

function checkAsked(options: RandomKeysOptions): void {
  checkOptions(options)
  const { n, d, distribution, seed, sigma = 1 } = options
  checkInteger('n', n, 1)
  checkInteger('d', d, 1)
  const names = Object.keys(distributions)
  if (typeof distribution !== 'string') {
    throw new TypeError(`distribution: expected one of ${names.join(', ')}, got ${kind(distribution)}`)
  }
  if (!names.includes(distribution)) {
    throw new RangeError(`distribution: expected one of ${names.join(', ')}, got ${JSON.stringify(distribution)}`)
  }
  if (typeof seed !== 'string' && typeof seed !== 'number') {
    throw new TypeError(`seed: expected a string or a number, got ${kind(seed)}`)
  }
  if (typeof sigma !== 'number') throw new TypeError(`sigma: expected a number, got ${kind(sigma)}`)
  if (!(sigma >= 0 && sigma < Infinity)) throw new RangeError(`sigma: expected a finite number >= 0, got ${sigma}`)
}

/**
 * A key set that depends on its options alone.
 *
 * - `gaussian`: standard normal entries
 * - `cube`: uniform in [−1, 1]
 * - `heavy`: directions around 16 centres, norms log-normal with deviation `sigma`, as the large keys of a few heads are
 * - `layernorm`: Gaussian, then LayerNorm with ε = 0
 * - `lattice`: integers from −3 to 3, full of ties
 * - `low-rank`: Gaussian in a subspace of ⌈d/2⌉ dimensions, but for rounding
 *
 * @returns shape [n, d], float64
 * @throws TypeError when an option is of the wrong kind; RangeError when a size is not an integer >= 1, the distribution is
 * unknown or sigma is negative or not finite
 *
 * O(n·d); `low-rank` O(n·d²). Generator: D. Bau, *seedrandom* (ARC4), whose numbers are the same everywhere; logarithms and
 * cosines may differ in the last place between JavaScript engines.
 *
 * @example
 * ```ts
 * import { selectability } from 'selectability'
 * import { randomKeys } from 'selectability/testing'
 *
 * const keys = randomKeys({ n: 60, d: 3, distribution: 'gaussian', seed: 7 })
 * keys.shape // => [60, 3]
 * selectability(keys).counts.unselectable > 0 // => true
 * ```
 */
export function randomKeys(options: RandomKeysOptions): NdArray<Float64Array> {
  checkAsked(options)
  const { n, d, distribution, seed, sigma = 1 } = options
  const uniform = seeded(String(seed))
  const data = distributions[distribution]({ n, d, out: allocate(n, d), sigma, uniform, normal: normals(uniform) })
  return ndarray(data, [n, d])
}
