/** From an exact decision to a proof: the floats that carry it, or integers where no float does. */
import { hullPoint, isWithin, provenMargin, provesTie } from './certificate.ts'
import { decideExactly } from './exact/decide.ts'
import type { Decision } from './exact/decide.ts'
import { bitLength, dyadic, ratio, roundExact } from './exact/dyadic.ts'
import { integerKeys, minus } from './exact/integers.ts'
import type { IntegerKeys } from './exact/integers.ts'
import { primitive } from './exact/linear.ts'
import { keyVertex, lowestKey, lowestUnderBias, nearestPoint } from './exact/nearest.ts'
import { decideNearly } from './factor/decide.ts'
import { farFrom } from './far.ts'
import type { KeySet } from './keyset.ts'
import type { HullProof, Proof } from './proof.ts'

type SelectingProof = Extract<Proof, { verdict: 'selectable' }>

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
    return prove(keys, integers, i, tolerance, decide(keys, integers, i, hints), near)
  }
}

/** From about so many dimensions on an exact search is faster with a search in floats before it. */
const manyDimensions = 16

function decide(keys: KeySet, integers: IntegerKeys, i: number, hints: readonly number[]): Decision {
  const near = keys.bias === null && keys.d >= manyDimensions && keys.n > 1 ? decideNearly(keys, i) : null
  if (near === null) return decideExactly(integers, i, keys.bias !== null, hints)
  if ('query' in near) return { verdict: 'selectable', query: primitive(near.query), support: [], weights: [] }
  return decideExactly(integers, i, false, near.support)
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
  const divisor = { m: biased ? exact[last] : 1n, e: 0 }
  const plain = Float64Array.from(coordinates, (m) => ratio({ m, e: 0 }, divisor))
  const top = Math.max(...plain.map(Math.abs))
  if (biased && top >= 2 ** -1000 && top < Infinity) return { exact, rounded: plain }
  const size = { m: 1n, e: Math.max(...coordinates.map(bitLength)) }
  return { exact, rounded: Float64Array.from(coordinates, (m) => ratio({ m, e: 0 }, size)) }
}

/** Exact weights, in proportion, rounded to floats that sum to 1. */
export function roundWeights(support: readonly number[], weights: readonly bigint[]): HullProof {
  return { support: Uint32Array.from(support), weights: roundExact(weights), exact: true }
}

function hullProof(keys: KeySet, i: number, { support, weights }: Decision, tolerance: number): HullProof {
  const proof = roundWeights(support, weights)
  if (tolerance === 0) return proof
  const within = isWithin(hullPoint(keys, i, proof.support, proof.weights), dyadic(tolerance))
  return { ...proof, exact: !within }
}

function prove(
  keys: KeySet,
  integers: IntegerKeys,
  i: number,
  tolerance: number,
  decision: Decision,
  near: HullProof | null,
): Proof {
  if (decision.verdict !== 'selectable' || near !== null) {
    const hull = near ?? hullProof(keys, i, decision, tolerance)
    return proveInHull(keys, integers, i, tolerance, decision.query, hull)
  }
  const selecting = proveQuery(keys, i, readQuery(decision.query, integers, keys.bias !== null), tolerance)
  if (selecting !== null) return selecting
  const nearest = proveNearest(keys, integers, i, tolerance)
  return 'verdict' in nearest ? nearest : proveInHull(keys, integers, i, tolerance, decision.query, nearest)
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
    const far = farFrom(keys, i, tolerance)
    const { query: past } = decideExactly(
      integerKeys(
        far,
        Uint32Array.from({ length: far.n }, (_, j) => j),
      ),
      0,
      biased,
    )
    if (past !== null) queries.push(past)
  }
  for (const candidate of queries) {
    const { exact, rounded } = readQuery(candidate, integers, biased)
    if (provesTie(keys, i, rounded, tolerance) === null) return { ...hull, verdict: 'tied', query: rounded }
    if (provesTie(keys, i, rounded, tolerance, exact) === null) {
      return { ...hull, verdict: 'tied', query: rounded, exactQuery: exact }
    }
  }
  return { ...hull, verdict: 'unselectable' }
}

function proveQuery(
  keys: KeySet,
  i: number,
  { exact, rounded }: { exact: bigint[]; rounded: Float64Array },
  tolerance: number,
): SelectingProof | null {
  const float = provenMargin(keys, i, rounded, tolerance)
  if (float.exceeds) return { verdict: 'selectable', query: rounded }
  const whole = provenMargin(keys, i, rounded, tolerance, exact)
  if (!whole.exceeds) return null
  return { verdict: 'selectable', query: rounded, exactQuery: exact }
}

/** Factors by which a query is lengthened, where any long enough one proves a margin under a bias. */
const longest = 2048

/** By the exact nearest point: its direction selects the key, or its weights are within the tolerance. */
function proveNearest(keys: KeySet, integers: IntegerKeys, i: number, tolerance: number): HullProof | SelectingProof {
  const { d } = keys
  const biased = keys.bias !== null
  const own = integers.rows[i]
  const points = integers.rows
    .map((row, key) => ({ key, row: minus(row, own) }))
    .filter(({ key }) => key !== i)
    .map(({ key, row }) => ({ key, vector: row.slice(0, d), rise: row[d] ?? 0n }))
  // A key whose bias is above all others' is selected by q = 0, so here some other key has a rise >= 0.
  const start = points.findIndex(({ rise }) => rise >= 0n)
  const lowest = biased ? lowestUnderBias(points) : lowestKey(points)
  const { vector, keys: support, weights, slope } = nearestPoint(keyVertex(points[start]), lowest)
  const direction = vector.map((x) => -x * slope.d)
  // With slope 0 the bias does not matter to a query that is long enough.
  const steps = biased && slope.n === 0n ? longest : 1
  for (let factor = 1; factor <= steps; factor *= 2) {
    const query = biased
      ? [...direction.map((x) => x << BigInt(steps === 1 ? 0 : factor)), slope.n === 0n ? 1n : slope.n]
      : direction
    const selecting = proveQuery(keys, i, readQuery(primitive(query), integers, biased), tolerance)
    if (selecting !== null) return selecting
  }
  const hull = roundWeights(support, weights)
  const point = hullPoint(keys, i, hull.support, hull.weights)
  if (isWithin(point, dyadic(tolerance)) && point.reachesBias) return { ...hull, exact: false }
  throw new RangeError(
    `tolerance: key ${i} could not be separated from tolerance ${tolerance}: its distance from the hull is within rounding of it`,
  )
}
