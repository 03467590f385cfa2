/**
 * From a basis that is the end of a range but for weights below 0 by less than rounding, to one that has none: the dual simplex method.
 *
 * A key within a rounding of a face of few keys needs others to make up for that rounding, with next to no weight. To a search in floats all
 * choices of them are alike. With levels that are known exactly, and rounded each by itself, they are not: a step changes tiny levels by tiny
 * amounts, so that their digits stay. The multipliers, which were optimal, stay so.
 */
import { gamma } from '../bounds.ts'
import { invert } from '../enclosure.ts'
import type { Basis } from '../exact/ends.ts'
import type { Problem } from './search.ts'

/** Pivots that a repair may take: as many as there are rows are usual. */
const stepLimit = (rank: number): number => 50 + 8 * rank

/** `short` is −1 or the column of the basis that has a weight below 0 where no weights can be >= 0. */
export interface Repaired {
  readonly basis: Basis
  readonly short: number
}

/**
 * The basis after repair, of the greatest first unknown, or with sign −1 of the least, or with 0 of any; `levels` are its columns'. Column `barred`
 * stays out. Null where it fails. Complexity: O(rank³ + pivots·rank·(count + rank)).
 */
export function repair(
  { rank, count, columns }: Problem,
  { columns: held, rows }: Basis,
  levels: Float64Array,
  sign: 1 | 0 | -1,
  barred = -1,
): Repaired | null {
  const basis = Int32Array.from([...held, ...rows.map((r) => -1 - r)])
  const level = new Float64Array(rank)
  level.set(levels)
  const inverse = new Float64Array(rank * rank)
  basis.forEach((s, p) => {
    for (let r = 0; r < rank; r++) inverse[r * rank + p] = s >= 0 ? columns[s * rank + r] : r === -1 - s ? 1 : 0
  })
  if (!invert(inverse, rank)) return null
  let first = basis.indexOf(0)
  const inside = new Uint8Array(count)
  for (const s of held) inside[s] = 1
  if (barred >= 0) inside[barred] = 1
  const relative = gamma(rank + 2)
  const norms = Float64Array.from({ length: count }, (_, s) =>
    Math.hypot(...columns.subarray(s * rank, (s + 1) * rank)),
  )
  const product = (p: number, s: number): number => {
    let sum = 0
    for (let r = 0; r < rank; r++) sum += inverse[p * rank + r] * columns[s * rank + r]
    return sum
  }
  const sizeOf = (p: number): number => Math.hypot(...inverse.subarray(p * rank, (p + 1) * rank))
  /** What a unit of column s takes from the first unknown where it is sought high, or adds to it where low. */
  const costOf = (s: number): number => {
    if (first < 0) return s === 0 && sign < 0 ? 1 : 0
    return Math.max(0, sign * product(first, s))
  }
  for (let step = 0; step < stepLimit(rank); step++) {
    let place = -1
    let worst = 0
    for (let p = 0; p < rank; p++) {
      const depth = basis[p] >= 0 && (sign !== 0 || p !== first) ? -level[p] / sizeOf(p) : 0
      if (!(depth > worst)) continue
      worst = depth
      place = p
    }
    const now = { columns: Array.from(basis).filter((s) => s >= 0), rows }
    if (place < 0) return { basis: now, short: -1 }
    const least = relative * sizeOf(place)
    let enter = -1
    let ratio = Infinity
    let surest = 0
    for (let s = 0; s < count; s++) {
      const entry = inside[s] === 1 ? 0 : product(place, s)
      if (!(entry < -least * norms[s])) continue
      const cost = costOf(s) / -entry
      if (cost > ratio || (cost === ratio && -entry <= surest)) continue
      enter = s
      ratio = cost
      surest = -entry
    }
    if (enter < 0) return barred < 0 ? { basis: now, short: basis[place] } : null
    const entering = Float64Array.from(basis, (_, p) => product(p, enter))
    const theta = level[place] / entering[place]
    for (let p = 0; p < rank; p++) if (p !== place) level[p] -= theta * entering[p]
    level[place] = theta
    const top = inverse.subarray(place * rank, (place + 1) * rank)
    for (let r = 0; r < rank; r++) top[r] /= entering[place]
    for (let p = 0; p < rank; p++) {
      if (p === place) continue
      for (let r = 0; r < rank; r++) inverse[p * rank + r] -= entering[p] * top[r]
    }
    if (place === first) first = -1
    if (enter === 0) first = place
    inside[basis[place]] = 0
    inside[enter] = 1
    basis[place] = enter
  }
  return null
}
