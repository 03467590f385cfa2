/** From an exact decision to a proof: the floats that carry it, or integers where no float does. */
import { hullPoint, provenMargin, provesTie } from './certificate.ts'
import { decideExactly } from './exact/decide.ts'
import type { Decision } from './exact/decide.ts'
import { bitLength, compare, dyadic, multiply, ratio } from './exact/dyadic.ts'
import { integerKeys } from './exact/integers.ts'
import type { IntegerKeys } from './exact/integers.ts'
import type { KeySet } from './keyset.ts'
import type { HullProof, Proof } from './proof.ts'

/**
 * Decides single keys of one set exactly; the set is turned into integers once, on first use. `near` are weights already proven
 * to be within the tolerance: with them a key that is selectable at tolerance 0 only is not, at this one.
 */
export type ExactSolver = (i: number, tolerance: number, hints: readonly number[], near: HullProof | null) => Proof

export function exactSolver(keys: KeySet): ExactSolver {
  let integers: IntegerKeys | null = null
  return (i, tolerance, hints, near) => {
    integers ??= integerKeys(
      keys,
      Uint32Array.from({ length: keys.n }, (_, j) => j),
    )
    return prove(keys, integers, i, tolerance, decideExactly(integers, i, keys.bias !== null, hints), near)
  }
}

/** The integer query in the keys' own units, and its rounding: largest entry near 1, or divided by the bias factor. */
function readQuery(
  query: readonly bigint[],
  integers: IntegerKeys,
  biased: boolean,
): { exact: bigint[]; rounded: Float64Array } {
  if (!biased) {
    const bits = Math.max(...query.map(bitLength))
    return { exact: [...query], rounded: Float64Array.from(query, (m) => ratio({ m, e: 0 }, { m: 1n, e: bits })) }
  }
  const shift = integers.biasExponent - integers.keyExponent
  const up = BigInt(Math.max(0, shift))
  const down = BigInt(Math.max(0, -shift))
  const last = query.length - 1
  const exact = query.map((m, c) => (c === last ? m << down : m << up))
  const divisor = { m: exact[last] ?? 1n, e: 0 }
  return { exact, rounded: Float64Array.from(exact.slice(0, last), (m) => ratio({ m, e: 0 }, divisor)) }
}

function hullProof(keys: KeySet, i: number, { support, weights }: Decision, tolerance: number): HullProof {
  const total = { m: weights.reduce((sum, w) => sum + w, 0n), e: 0 }
  const order = Uint32Array.from(support)
  const rounded = Float64Array.from(weights, (m) => ratio({ m, e: 0 }, total))
  if (tolerance === 0 || rounded.some((w) => w === 0)) return { support: order, weights: rounded, exact: true }
  const { sqDistance, sqTotal } = hullPoint(keys, i, order, rounded)
  const sqTolerance = multiply(dyadic(tolerance), dyadic(tolerance))
  return { support: order, weights: rounded, exact: compare(sqDistance, multiply(sqTolerance, sqTotal)) > 0 }
}

function prove(
  keys: KeySet,
  integers: IntegerKeys,
  i: number,
  tolerance: number,
  decision: Decision,
  near: HullProof | null,
): Proof {
  const { verdict, query } = decision
  if (verdict === 'unselectable' || query === null) {
    return { verdict: 'unselectable', ...hullProof(keys, i, decision, tolerance) }
  }
  const { exact, rounded } = readQuery(query, integers, keys.bias !== null)
  if (verdict === 'tied' || near !== null) {
    const hull = near ?? hullProof(keys, i, decision, tolerance)
    if (provesTie(keys, i, rounded, tolerance) === null) return { verdict: 'tied', query: rounded, ...hull }
    if (provesTie(keys, i, rounded, tolerance, exact) === null)
      return { verdict: 'tied', query: rounded, exactQuery: exact, ...hull }
    return { verdict: 'unselectable', ...hull }
  }
  const float = provenMargin(keys, i, rounded, tolerance)
  if (typeof float !== 'string' && float.exceeds) return { verdict, query: rounded }
  const whole = provenMargin(keys, i, rounded, tolerance, exact)
  if (typeof whole !== 'string' && whole.exceeds) return { verdict, query: rounded, exactQuery: exact }
  throw new RangeError(
    `tolerance: key ${i} could not be separated from tolerance ${tolerance}: its distance from the hull is within rounding of it`,
  )
}
