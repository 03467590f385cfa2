/**
 * The values that the first unknown takes over `{x >= 0 : Σ x_s·column_s = right}`, exactly: an interval, perhaps empty or without end.
 *
 * The revised simplex method in integers, with artificial columns first; the basis inverse is held as `inverse/det`, with fraction-free
 * updates (see Bareiss 1968), so nothing is rounded.
 */
import { dotIntegers } from './linear.ts'
import type { Fraction, Program, Range } from './program.ts'

/** Stands in the basis for any column that is to be 0 in the end. */
const artificial = -1

/**
 * `start` are columns likely to be in the basis of an end, taken in first.
 *
 * Terminates: a pivot that changes nothing is followed by Bland's rule (1977, doi:10.1287/moor.2.2.103) until one does, so no basis
 * repeats. Complexity: a pivot costs O(count·rank + rank²) exact products.
 */
export function rangeOfFirst({ count, rank, column, right }: Program, start: readonly number[] = []): Range | null {
  const columns = Array.from({ length: count }, (_, s) => column(s))
  const inverse = right.map((x, r) => right.map((_, c): bigint => (r !== c ? 0n : x < 0n ? -1n : 1n)))
  const level = right.map((x) => (x < 0n ? -x : x))
  const basis = new Array<number>(rank).fill(artificial)
  const inBasis = new Set<number>()
  let det = 1n

  const entriesOf = (j: number): bigint[] => inverse.map((row) => dotIntegers(row, columns[j]))
  const pivot = (r: number, j: number, entering: readonly bigint[]): void => {
    const element = entering[r]
    const sign = element < 0n ? -1n : 1n
    const top = inverse[r]
    const own = level[r]
    inverse.forEach((row, s) => {
      if (s === r) return
      const factor = entering[s]
      for (let c = 0; c < rank; c++) row[c] = (sign * (element * row[c] - factor * top[c])) / det
      level[s] = (sign * (element * level[s] - factor * own)) / det
    })
    if (sign < 0n) {
      for (let c = 0; c < rank; c++) top[c] = -top[c]
      level[r] = -own
    }
    det = sign * element
    inBasis.delete(basis[r])
    basis[r] = j
    inBasis.add(j)
  }
  /** Artificials at level 0 leave whatever the sign, so that they stay 0; else the least ratio, ties by the lowest index. */
  const leaving = (entering: readonly bigint[]): number => {
    let best = -1
    for (let r = 0; r < rank; r++) {
      const entry = entering[r]
      if (basis[r] === artificial && level[r] === 0n && entry !== 0n) return r
      if (entry <= 0n) continue
      const order = best < 0 ? -1n : level[r] * entering[best] - level[best] * entry
      if (order < 0n || (order === 0n && basis[r] < basis[best])) best = r
    }
    return best
  }
  /**
   * Raises the level of `unknown`, of all rows that have it, or with sign −1n lowers it, as far as it goes; false where it has no end. An
   * unknown outside the basis stays 0.
   */
  const pursue = (unknown: number, sign: bigint): boolean => {
    let bland = false
    for (;;) {
      const prices = new Array<bigint>(rank).fill(0n)
      for (let r = 0; r < rank; r++) {
        if (basis[r] === unknown) for (let c = 0; c < rank; c++) prices[c] -= sign * inverse[r][c]
      }
      let enter = -1
      let best = 0n
      for (let j = 0; j < count; j++) {
        if (inBasis.has(j)) continue
        const value = dotIntegers(prices, columns[j])
        if (value <= best) continue
        best = value
        enter = j
        if (bland) break
      }
      if (enter < 0) return true
      const entering = entriesOf(enter)
      const r = leaving(entering)
      if (r < 0) return false
      bland = level[r] === 0n
      pivot(r, enter, entering)
    }
  }
  /** Takes in the columns to start with; where levels are then below 0, one more artificial column lifts them all. */
  const begin = (): void => {
    for (const j of start) {
      const entering = entriesOf(j)
      const r = entering.findIndex((entry, s) => basis[s] === artificial && entry !== 0n)
      if (r >= 0) pivot(r, j, entering)
    }
    const lowest = level.reduce((low, x, r) => (x < level[low] ? r : low), 0)
    if (level[lowest] >= 0n) return
    pivot(
      lowest,
      artificial,
      level.map(() => -det),
    )
  }
  const first = (): Fraction => {
    const at = basis.indexOf(0)
    return at < 0 ? { n: 0n, d: 1n } : { n: level[at], d: det }
  }

  begin()
  pursue(artificial, -1n)
  if (basis.some((j, r) => j === artificial && level[r] !== 0n)) return null
  const entering = entriesOf(0)
  const r = leaving(entering)
  if (r < 0) return { low: { n: 0n, d: 1n }, high: null }
  pivot(r, 0, entering)
  const high = pursue(0, 1n) ? first() : null
  pursue(0, -1n)
  return { low: first(), high }
}
