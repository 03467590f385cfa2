/**
 * The shortest query that gives a key some weight.
 *
 * The best log-odds at norm R, `−min f`, are concave in R with slope `scale·‖x‖`, x the gradient at the minimum. A tangent is above a concave
 * function, so Newton's method from R = 0 comes from below, each time nearer.
 */
import { ldexp } from '../exact/dyadic.ts'
import type { KeySet } from '../keyset.ts'
import { othersThan, rivalsAround } from '../rivals.ts'
import { minimise } from './newton.ts'
import { spaceOf } from './space.ts'

/** Newton's method doubles the digits; this many are several times what it takes. */
const mostSteps = 64

/** What the norms are right to, relative: `minimise` is right to a few roundings, and a step below a quarter of this is the last. */
export const normPrecision: number = 2 ** -30

/** The norm, right to about 1e-9, at which some query gives key i each of the weights; Infinity for those that none does. */
export function normsReaching(keys: KeySet, i: number, weights: readonly number[], scale: number): number[] {
  if (keys.n === 1) return weights.map(() => 0)
  const rivals = rivalsAround(keys, i, othersThan(keys.n, i))
  const { points } = spaceOf(rivals, 0)
  let radius = 0
  return weights.map((weight) => {
    const target = Math.log(weight) - Math.log1p(-weight)
    for (let step = 0; step < mostSteps && radius < Infinity; step++) {
      const { f, gradient } = minimise(points, radius)
      const missing = target + f
      if (missing <= 0) break
      const next = radius + missing / Math.hypot(...gradient)
      if (!(next > radius * (1 + normPrecision / 4))) break
      radius = next
    }
    return radius < Infinity ? ldexp(radius, -rivals.exponent) / Math.abs(scale) : Infinity
  })
}
