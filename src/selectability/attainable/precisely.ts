/**
 * The answer where doubled precision ends: the central path and its proofs in as many bits as it takes.
 *
 * A ball that is much larger than the best query is long only makes numbers long, so that balls grow from a moderate one. In each W and p prove
 * values that differ by little more than 2^−34. If the ball is the whole one, that is all. If not, p is a query all the same, and W proves a bound for
 * any norm once it is corrected to give the key exactly.
 *
 * It ends. With bits enough the path is followed to its end (`path.ts`), and they double until it is. A ball of limited norm is reached by
 * doubling. Without a limit the key lies in the relative interior of the hull of its face, or within the tolerance of the hull: in the first case f
 * has a minimum, and as the ball grows beyond it x tends to 0 while weights tend to positive ones, so that the correction leaves them
 * positive; in the second ‖x‖ tends to the distance, which is no more than the tolerance.
 */
import { bitLength, rootRatio } from '../exact/dyadic.ts'
import type { Dyadic } from '../exact/dyadic.ts'
import { shift } from '../exact/fixed.ts'
import { dotIntegers } from '../exact/linear.ts'
import type { KeySet } from '../keyset.ts'
import type { Rivals } from '../rivals.ts'
import { balance } from './balance.ts'
import { asFloats, exactRivals, pointOf, valueAbove, valueBelow, weightsAsFloats } from './enclose.ts'
import type { ExactRivals } from './enclose.ts'
import { followPath } from './path.ts'
import type { Centre } from './path.ts'
import { agrees, weightAbove, weightAt } from './prove.ts'

/** Weight and bound, `p` in the problem's units, and weights on the rivals that prove the bound. */
export interface PreciseAnswer {
  readonly weight: number
  readonly bound: number
  readonly p: Float64Array
  readonly weights: Float64Array
}

/** The first ball's radius is 2^32, in the problem's units, and each one's is the square of the last one's. */
const firstBall = 32

/** What `rootRatio` may be off by: a key just as far as the tolerance has points that come as near to that as wanted, but no nearer. */
const rootError = 2 ** -48

/** μ at the end of the path, over m + 2: what f is known to. */
const precision = -34

/** Bits beyond what products of a weight, a point and a query need. */
const spareBits = 160

function centreIn(rivals: ExactRivals, radius: Dyadic): Centre & { readonly bits: number } {
  const { points, pointExponent, rises, riseExponent } = rivals
  const end = precision - Math.ceil(Math.log2(points.length + 2))
  const steepest = rises.reduce((top, rise) => Math.max(top, bitLength(rise) + riseExponent), 0)
  const reach = Math.max(0, bitLength(radius.m) + radius.e, steepest)
  for (let bits = 2 * (reach - end) + spareBits; ; bits *= 2) {
    const problem = {
      points: points.map((point) => point.map((x) => shift(x, pointExponent + bits))),
      rises: rises.map((rise) => shift(rise, riseExponent + bits)),
      radius: shift(radius.m, radius.e + bits),
      bits,
    }
    const centre = problem.radius > 0n ? followPath(problem, end) : null
    if (centre !== null) return { ...centre, bits }
  }
}

/**
 * The largest weight over queries with ‖p‖ <= `radius`, or over all where it is null; the key then must lie in the hull of the rivals, or no
 * farther from it than `tolerance`, in the problem's units. Complexity: that of some hundred Newton steps, each O(m·d²) products of integers.
 */
export function attainPrecisely(keys: KeySet, rivals: Rivals, radius: Dyadic | null, tolerance: number): PreciseAnswer {
  const exact = exactRivals(keys, rivals)
  for (let size = firstBall; ; size *= 2) {
    const whole = radius !== null && bitLength(radius.m) + radius.e <= size
    const ball = whole ? radius : { m: 1n, e: size }
    const { weights, query, bits } = centreIn(exact, ball)
    const weight = weightAt(valueAbove(exact, query, bits))
    const p = asFloats(query, bits)
    const answer = (bound: number, proof: readonly bigint[]): PreciseAnswer => ({
      weight: Math.min(weight, bound),
      bound,
      p,
      weights: weightsAsFloats(proof),
    })
    if (whole) return answer(weightAbove(valueBelow(exact, weights, ball)), weights)
    if (radius !== null && agrees(weight, 1)) return answer(1, weights)
    const balanced = balance(exact.points, weights)
    if (balanced !== null) {
      const bound = weightAbove(valueBelow(exact, balanced, null))
      if (agrees(weight, bound)) return answer(bound, balanced)
    }
    if (radius === null && tolerance > 0) {
      const point = pointOf(exact, weights)
      const total = weights.reduce((sum, w) => sum + w, 0n)
      const away = rootRatio({ m: dotIntegers(point, point), e: 2 * exact.pointExponent }, { m: total * total, e: 0 })
      if (away <= tolerance * (1 + rootError)) return answer(weightAbove(valueBelow(exact, weights, null)), weights)
    }
  }
}
