/**
 * Coordinates in which a program's rounding does not hide what decides it.
 *
 * Mean-centred keys fill a hyperplane but for rounding, and at tolerance 0 that rounding counts: across the hyperplane the exact
 * program lives on numbers of 2^−53. So the directions in which the columns extend clearly are told from the others (see `span.ts`), the
 * components in those are computed exactly, and brought to the size of the rest: a change of rows, which moves no weights.
 */
import { bitLength, commonIntegers, ldexp, toNumber } from '../exact/dyadic.ts'
import { dotIntegers } from '../exact/linear.ts'
import { exponentOf } from '../keyset.ts'
import { coordinatesIn, extend, numericalSpan } from '../span.ts'
import type { Span } from '../span.ts'

/** Directions narrower than this share of the widest are told exactly: half of the bits of what is left are then right. */
const clear = 2 ** -26

/** The vector `integers·2^e`. */
export interface Axis {
  readonly integers: readonly bigint[]
  readonly e: number
}

/** Vectors of `rank` coordinates each, in terms of axes. */
export interface Coordinates {
  readonly vectors: Float64Array
  readonly axes: readonly Axis[]
}

/** `Σ factors_k·axes_k`. */
export function combine(axes: readonly Axis[], factors: Float64Array): Axis {
  const { integers: m, e } = commonIntegers(factors)
  const least = axes.reduce((low, axis) => Math.min(low, axis.e), Infinity)
  const width = axes[0]?.integers.length ?? 0
  const integers = Array.from({ length: width }, (_, c) =>
    axes.reduce((sum, axis, k) => sum + ((m[k] * axis.integers[c]) << BigInt(axis.e - least)), 0n),
  )
  return { integers, e: e + least }
}

/** Orthonormal rows that fill up a span's basis: some unit vector always has at least 1/√d outside. */
function complement({ basis, rank }: Span, d: number): Float64Array[] {
  const whole = basis.slice()
  let filled = rank
  for (let c = 0; c < d; c++) {
    const unit = new Float64Array(d)
    unit[c] = 1
    filled = extend(whole, filled, unit, 1 / (2 * Math.sqrt(d)))
  }
  return Array.from({ length: filled - rank }, (_, r) => whole.slice((rank + r) * d, (rank + r + 1) * d))
}

/** Whether vectors extend clearly in all directions. */
export function isClear(vectors: Float64Array, rank: number): boolean {
  return spanOf(vectors, rank).rank === rank
}

function spanOf(vectors: Float64Array, rank: number): Span {
  // `numericalSpan` measures from the first point.
  const points = new Float64Array(vectors.length + rank)
  points.set(vectors, rank)
  return numericalSpan(points, points.length / rank, rank, clear * Math.sqrt(rank))
}

/**
 * Coordinates of independent integer vectors, of which `rounded` are roundings: vector s times 2^−exponents[s].
 *
 * Each round tells at least one direction, so there are at most rank. Complexity: O(count·rank²), and as many exact products where
 * directions are narrow.
 */
export function clearCoordinates(
  exact: readonly (readonly bigint[])[],
  exponents: ArrayLike<number>,
  rounded: Float64Array,
  rank: number,
): Coordinates {
  const count = exact.length
  const told: { axis: Axis; values: Float64Array }[] = []
  let axes = Array.from({ length: rank }, (_, r): Axis => ({
    integers: exact[0].map((__, c) => (c === r ? 1n : 0n)),
    e: 0,
  }))
  let vectors = rounded
  while (axes.length > 0) {
    const width = axes.length
    const span = spanOf(vectors, width)
    const values = coordinatesIn(vectors, count, width, span)
    for (let r = 0; r < span.rank; r++) {
      const factors = span.basis.slice(r * width, (r + 1) * width)
      told.push({
        axis: combine(axes, factors),
        values: Float64Array.from({ length: count }, (_, s) => values[s * span.rank + r]),
      })
    }
    const narrow = complement(span, width).map((factors) => {
      const axis = combine(axes, factors)
      const products = exact.map((vector, s) => ({ m: dotIntegers(axis.integers, vector), e: axis.e - exponents[s] }))
      // The largest decides the size before any is rounded, or where all are below the least float no round would tell a direction.
      const size = products.reduce((most, { m, e }) => (m === 0n ? most : Math.max(most, bitLength(m) + e)), -Infinity)
      const components = products.map(({ m, e }) => (m === 0n ? 0 : toNumber({ m, e: e - size })))
      const shift = exponentOf(components)
      return { axis: { ...axis, e: axis.e - size - shift }, values: components.map((x) => ldexp(x, -shift)) }
    })
    axes = narrow.map(({ axis }) => axis)
    vectors = Float64Array.from(
      { length: count * narrow.length },
      (_, at) => narrow[at % narrow.length].values[Math.floor(at / narrow.length)],
    )
  }
  return {
    axes: told.map(({ axis }) => axis),
    vectors: Float64Array.from({ length: count * rank }, (_, at) => told[at % rank].values[Math.floor(at / rank)]),
  }
}
