/** From an exact decision to a proof: the floats that carry it, or integers where no float does. */
import { hullPoint, provenMargin, provesTie } from './certificate.ts'
import { decideExactly } from './exact/decide.ts'
import type { Decision } from './exact/decide.ts'
import { bitLength, compare, dyadic, multiply, ratio } from './exact/dyadic.ts'
import { integerKeys, minus } from './exact/integers.ts'
import type { IntegerKeys } from './exact/integers.ts'
import { dotIntegers, primitive } from './exact/linear.ts'
import { nearestPoint } from './exact/nearest.ts'
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

/** The integer query in the keys' own units, and its rounding up to a positive factor: largest entry near 1. */
export function readQuery(
  query: readonly bigint[],
  integers: IntegerKeys,
  biased: boolean,
): { exact: bigint[]; rounded: Float64Array } {
  const shift = biased ? integers.biasExponent - integers.keyExponent : 0
  const up = BigInt(Math.max(0, shift))
  const down = BigInt(Math.max(0, -shift))
  const last = biased ? query.length - 1 : query.length
  const exact = query.map((m, c) => (c === last ? m << down : m << up))
  const coordinates = exact.slice(0, last)
  const divisor = { m: exact[last] ?? 1n, e: 0 }
  const plain = Float64Array.from(coordinates, (m) => ratio({ m, e: 0 }, divisor))
  if (biased && plain.every((x) => Number.isFinite(x))) return { exact, rounded: plain }
  const size = { m: 1n, e: Math.max(...coordinates.map(bitLength)) }
  return { exact, rounded: Float64Array.from(coordinates, (m) => ratio({ m, e: 0 }, size)) }
}

/** Exact weights, in proportion, rounded to floats that sum to 1. */
export function roundWeights(support: readonly number[], weights: readonly bigint[]): HullProof {
  const total = { m: weights.reduce((sum, w) => sum + w, 0n), e: 0 }
  const rounded = Float64Array.from(weights, (m) => Math.max(Number.MIN_VALUE, ratio({ m, e: 0 }, total)))
  return { support: Uint32Array.from(support), weights: rounded, exact: true }
}

function hullProof(keys: KeySet, i: number, { support, weights }: Decision, tolerance: number): HullProof {
  const proof = roundWeights(support, weights)
  if (tolerance === 0) return proof
  const { sqDistance, sqTotal } = hullPoint(keys, i, proof.support, proof.weights)
  const sqTolerance = multiply(dyadic(tolerance), dyadic(tolerance))
  return { ...proof, exact: compare(sqDistance, multiply(sqTolerance, sqTotal)) > 0 }
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
  if (verdict !== 'selectable' || query === null || near !== null) {
    return proveInHull(keys, integers, i, tolerance, query, near ?? hullProof(keys, i, decision, tolerance))
  }
  const selecting = proveQuery(keys, i, readQuery(query, integers, keys.bias !== null), tolerance)
  if (selecting !== null) return selecting
  const nearest = proveNearest(keys, integers, i, tolerance)
  return 'verdict' in nearest ? nearest : proveInHull(keys, integers, i, tolerance, query, nearest)
}

/** Tied, where the exact query, or one past the key's own copies within tolerance, puts it at the maximum; else unselectable. */
function proveInHull(
  keys: KeySet,
  integers: IntegerKeys,
  i: number,
  tolerance: number,
  query: readonly bigint[] | null,
  hull: HullProof,
): Proof {
  const biased = keys.bias !== null
  const queries = query === null ? [] : [query]
  if (tolerance > 0) {
    const { query: past } = decideExactly(farKeys(keys, integers, i, tolerance), 0, biased)
    if (past !== null) queries.push(past)
  }
  for (const candidate of queries) {
    const { exact, rounded } = readQuery(candidate, integers, biased)
    if (provesTie(keys, i, rounded, tolerance) === null) return { verdict: 'tied', query: rounded, ...hull }
    if (provesTie(keys, i, rounded, tolerance, exact) === null) {
      return { verdict: 'tied', query: rounded, exactQuery: exact, ...hull }
    }
  }
  return { verdict: 'unselectable', ...hull }
}

function proveQuery(
  keys: KeySet,
  i: number,
  { exact, rounded }: { exact: bigint[]; rounded: Float64Array },
  tolerance: number,
): (Proof & { verdict: 'selectable' }) | null {
  const float = provenMargin(keys, i, rounded, tolerance)
  if (typeof float !== 'string' && float.exceeds) return { verdict: 'selectable', query: rounded }
  const whole = provenMargin(keys, i, rounded, tolerance, exact)
  if (typeof whole === 'string' || !whole.exceeds) return null
  return { verdict: 'selectable', query: rounded, exactQuery: exact }
}

/** Key i and the keys farther than the tolerance from it: its own copies, within tolerance, may not keep it from a tie. */
function farKeys(keys: KeySet, integers: IntegerKeys, i: number, tolerance: number): IntegerKeys {
  const { d } = keys
  const own = integers.rows[i] ?? []
  const sqTolerance = multiply(dyadic(tolerance), dyadic(tolerance))
  const far = integers.rows.filter((row) => {
    const a = minus(row, own).slice(0, d)
    return compare({ m: dotIntegers(a, a), e: 2 * integers.keyExponent }, sqTolerance) > 0
  })
  return { ...integers, rows: [own, ...far] }
}

/** By the exact nearest point: its direction selects the key, or its weights are within the tolerance. */
function proveNearest(
  keys: KeySet,
  integers: IntegerKeys,
  i: number,
  tolerance: number,
): HullProof | (Proof & { verdict: 'selectable' }) {
  if (keys.bias === null) {
    const others = integers.rows.map((_, j) => j).filter((j) => j !== i)
    const points = others.map((j) => minus(integers.rows[j] ?? [], integers.rows[i] ?? []))
    const { vector, support, weights } = nearestPoint(points, 0)
    const query = primitive(vector.map((x) => -x))
    const selecting = proveQuery(keys, i, readQuery(query, integers, false), tolerance)
    if (selecting !== null) return selecting
    const hull = hullProof(
      keys,
      i,
      { verdict: 'unselectable', query: null, support: support.map((s) => others[s] ?? 0), weights },
      tolerance,
    )
    if (!hull.exact) return hull
  }
  throw new RangeError(
    `tolerance: key ${i} could not be separated from tolerance ${tolerance}: its distance from the hull is within rounding of it`,
  )
}
