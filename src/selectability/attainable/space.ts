/**
 * Coordinates in which a problem's points are round enough to solve in.
 *
 * f does not change across the points' span, and a direction in which their width times the ball's radius is within rounding changes it by
 * no more: both are left out. Where what is left is thin, the basis is found by Gram–Schmidt with pivoting in doubled precision,
 * widest direction first: each coordinate then is right relative to its own width, so that Newton's matrices are graded and their
 * Cholesky factors accurate (J. Demmel and K. Veselić, *Jacobi's method is more accurate than QR*, SIAM J. Matrix Anal. Appl. 13,
 * 1992, doi:10.1137/0613074).
 */
import { gamma } from '../bounds.ts'
import { addDoubled, dotDoubled, normDoubled, pairOf, settle } from '../doubled.ts'
import type { Double, Pair } from '../doubled.ts'
import type { Rivals } from '../rivals.ts'
import { coordinatesIn, liftFrom, numericalSpan, spansClearly } from '../span.ts'
import type { Points } from './newton.ts'

export interface Space {
  readonly points: Points
  /** From coordinates to the problem's own, and back. */
  readonly lift: (y: Float64Array) => Pair
  readonly restrict: (p: Pair) => Float64Array
}

/** Points thinner than this share of their length are thin: float64 coordinates would keep less than two thirds of their digits. */
const thin = 2 ** -18

/** So many points a dimension nearly always span all directions where all points do: the others need not be looked at. */
const fewer = 4

/** What doubled precision can tell apart, as a share of the points' length. */
const finest = 2 ** -90

/** Directions in which no point is farther than `slack` (in the problem's units) are left out. */
export function spaceOf(rivals: Rivals, slack: number): Space {
  const { m, d, offsets, rises } = rivals
  const length = Math.sqrt(d)
  const width = Math.max(slack, thin * length)
  const some = Math.min(m, fewer * d)
  const whole: Space = {
    points: { offsets, rises, m, d },
    lift: (y) => pairOf(y),
    restrict: ({ high, low }) => high.map((x, c) => x + low[c]),
  }
  if (spansClearly(offsets, m, d, width)) return whole
  const rows = new Float64Array((m + 1) * d)
  rows.set(offsets, d)
  if (some < m && numericalSpan(rows.subarray(0, (some + 1) * d), some + 1, d, width).rank === d) return whole
  const wide = numericalSpan(rows, m + 1, d, width)
  if (wide.rank === d) return whole
  const rank = numericalSpan(rows, m + 1, d, Math.max(slack, 4 * gamma(d + 8) * length)).rank
  if (wide.rank === rank && slack > 4 * gamma(d + 8) * length) {
    return {
      points: { offsets: coordinatesIn(offsets, m, d, wide), rises, m, d: rank },
      lift: (y) => pairOf(liftFrom(y, d, wide)),
      restrict: ({ high }) => coordinatesIn(high, 1, d, wide),
    }
  }
  return gradedSpace(rivals, Math.max(slack, finest * length))
}

/** `x/s`, entry by entry. */
function divide(x: Pair, s: Double): Pair {
  const inverse = 1 / s.high
  const out = pairOf(new Float64Array(x.high.length))
  addDoubled({ high: inverse, low: 0 }, x, 0, out, 0, x.high.length)
  // One step of Newton's method for the quotient: what out·s leaves of x, divided in floats.
  const rest = pairOf(x.high.slice(), x.low.slice())
  addDoubled({ high: -s.high, low: -s.low }, out, 0, rest, 0, x.high.length)
  for (let c = 0; c < x.high.length; c++) out.low[c] += (rest.high[c] + rest.low[c]) * inverse
  settle(out)
  return out
}

function gradedSpace({ m, d, offsets, tails, rises }: Rivals, slack: number): Space {
  const rest = pairOf(offsets.slice(), tails.slice())
  const basis: Pair[] = []
  const columns: Float64Array[] = []
  while (basis.length < d) {
    let farthest = -1
    let most = slack * slack
    for (let s = 0; s < m; s++) {
      let sum = 0
      for (let c = 0; c < d; c++) sum += rest.high[s * d + c] ** 2
      if (sum > most) {
        most = sum
        farthest = s
      }
    }
    if (farthest < 0) break
    const row = pairOf(
      rest.high.slice(farthest * d, (farthest + 1) * d),
      rest.low.slice(farthest * d, (farthest + 1) * d),
    )
    // What is left of a thin row has rounding of the wide ones in it, which a second pass takes out.
    for (const v of basis) {
      const { high, low } = dotDoubled(v, 0, row, 0, d)
      addDoubled({ high: -high, low: -low }, v, 0, row, 0, d)
      settle(row)
    }
    const v = divide(row, normDoubled(row))
    const column = new Float64Array(m)
    for (let s = 0; s < m; s++) {
      const y = dotDoubled(v, 0, rest, s * d, d)
      column[s] = y.high
      addDoubled({ high: -y.high, low: -y.low }, v, 0, rest, s * d, d)
    }
    settle(rest)
    basis.push(v)
    columns.push(column)
  }
  const rank = basis.length
  const coordinates = new Float64Array(m * rank)
  columns.forEach((column, r) => {
    for (let s = 0; s < m; s++) coordinates[s * rank + r] = column[s]
  })
  return {
    points: { offsets: coordinates, rises, m, d: rank },
    lift: (y) => {
      const p = pairOf(new Float64Array(d))
      basis.forEach((v, r) => addDoubled({ high: y[r], low: 0 }, v, 0, p, 0, d))
      settle(p)
      return p
    },
    restrict: (p) => Float64Array.from(basis, (v) => dotDoubled(v, 0, p, 0, d).high),
  }
}
