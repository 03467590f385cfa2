/**
 * The judge: whether a certificate proves its verdict. Exact, and independent of the solver.
 *
 * A query is judged by its exact score gaps: floating point with a proven bound only rules out keys that cannot come second.
 * Weights are judged by the exact distance of the point that they describe, or, where the distance is claimed to be 0, by exact
 * weights that this file finds itself on the support alone.
 */
import { leastGaps, scoreGaps, u } from './bounds.ts'
import { add, compare, dot, dyadic, multiply, negate, rootRatio, subtract, toNumber, zero } from './exact/dyadic.ts'
import type { Dyadic } from './exact/dyadic.ts'
import { provesHull } from './exact/support.ts'
import { flawOfForm } from './form.ts'
import type { KeySet, OpenKeys } from './keyset.ts'
import type { Certificate, Verification } from './types.ts'

/** The contract gives margins to 1e-9 relative; 2^−30 is just below. */
const marginPrecision = 2 ** -30

/** A query, exact: its d coordinates, the factor of the bias, and ‖query‖². */
interface ExactQuery {
  readonly coordinates: readonly Dyadic[]
  readonly biasFactor: Dyadic
  readonly sqNorm: Dyadic
  readonly rounded: Float64Array
}

const one: Dyadic = { m: 1n, e: 0 }

function invalid(reason: string): Verification {
  return { valid: false, reason }
}

function square(a: Dyadic): Dyadic {
  return multiply(a, a)
}

function exactRow({ data, d }: KeySet, j: number): Dyadic[] {
  return Array.from(data.subarray(j * d, (j + 1) * d), dyadic)
}

function difference(keys: KeySet, i: number, j: number): Dyadic[] {
  const other = exactRow(keys, j)
  return exactRow(keys, i).map((x, c) => subtract(x, other[c] ?? zero))
}

/** The exact gap `s_i − s_j`, times the bias factor where the query is homogeneous. */
function exactGap(keys: KeySet, i: number, j: number, query: ExactQuery): Dyadic {
  const gap = dot(query.coordinates, difference(keys, i, j))
  if (keys.bias === null) return gap
  const rise = subtract(dyadic(keys.bias[i] ?? 0), dyadic(keys.bias[j] ?? 0))
  return add(gap, multiply(query.biasFactor, rise))
}

function readQuery(query: Float64Array, exactQuery: readonly bigint[] | undefined, { d }: KeySet): ExactQuery {
  const coordinates =
    exactQuery === undefined ? Array.from(query, dyadic) : exactQuery.slice(0, d).map((m) => ({ m, e: 0 }))
  const biasFactor = { m: exactQuery?.[d] ?? 1n, e: 0 }
  return { coordinates, biasFactor, sqNorm: dot(coordinates, coordinates), rounded: query }
}

/** The least exact gap over the other keys, and the keys that attain it. */
function exactLeast(
  keys: KeySet,
  i: number,
  query: ExactQuery,
  sign: 1 | -1,
  filtered: boolean,
): { gap: Dyadic; keys: number[] } {
  const all = Array.from({ length: keys.n }, (_, j) => j).filter((j) => j !== i)
  let candidates = all
  if (filtered) {
    const gaps = scoreGaps(keys, i, query.rounded)
    if (sign < 0) gaps.gap.forEach((x, j) => (gaps.gap[j] = -x))
    candidates = leastGaps(gaps, i)
  }
  let gap = zero
  let attained: number[] = []
  for (const j of candidates) {
    const own = exactGap(keys, i, j, query)
    const value = sign < 0 ? negate(own) : own
    const order = attained.length === 0 ? -1 : compare(value, gap)
    if (order < 0) {
      gap = value
      attained = [j]
    } else if (order === 0) attained.push(j)
  }
  return { gap, keys: attained }
}

/** The margin that a query proves: the least gap, the keys that come second, and the gap over ‖query‖ as a float. */
export interface ProvenMargin {
  readonly sign: number
  readonly exceeds: boolean
  readonly margin: number
  readonly runnersUp: readonly number[]
}

/** Exact least gap of a query for key i (n > 1), and whether it exceeds `tolerance·‖query‖`. */
export function provenMargin(
  keys: KeySet,
  i: number,
  query: Float64Array,
  tolerance: number,
  exactQuery?: readonly bigint[],
): ProvenMargin {
  const read = readQuery(query, exactQuery, keys)
  const least = exactLeast(keys, i, read, 1, exactQuery === undefined)
  const sign = compare(least.gap, zero)
  const exceeds = sign > 0 && compare(square(least.gap), multiply(square(dyadic(tolerance)), read.sqNorm)) > 0
  const margin = read.sqNorm.m === 0n ? sign * Infinity : sign * rootRatio(square(least.gap), read.sqNorm)
  return { sign, exceeds, margin, runnersUp: least.keys }
}

function verifySelectable(
  keys: KeySet,
  certificate: Certificate & { verdict: 'selectable' },
  tolerance: number,
): Verification {
  const { key, query, margin, runnerUp, exactQuery } = certificate
  if (keys.n === 1) {
    return margin === Infinity && runnerUp === -1
      ? { valid: true }
      : invalid('a single key has margin Infinity and runner-up -1')
  }
  const proven = provenMargin(keys, key, query, tolerance, exactQuery)
  if (proven.sign <= 0) return invalid(`query: key ${proven.runnersUp[0]} scores at least as high as key ${key}`)
  if (!proven.exceeds) return invalid(`query: its margin does not exceed the tolerance ${tolerance}`)
  if (!proven.runnersUp.includes(runnerUp)) return invalid(`runnerUp: expected ${proven.runnersUp[0]}, got ${runnerUp}`)
  const near = proven.margin < Infinity && Math.abs(margin - proven.margin) <= marginPrecision * proven.margin
  const right = margin === proven.margin || near
  return right ? { valid: true } : invalid(`margin: expected ${proven.margin}, got ${margin}`)
}

/** Whether a query puts key i at the maximum up to `tolerance·‖query‖`, with some key more than `spread·‖query‖` below it, exactly. */
export function provesTie(
  keys: KeySet,
  i: number,
  query: Float64Array,
  tolerance: number,
  exactQuery?: readonly bigint[],
  spread: number = tolerance,
): string | null {
  const read = readQuery(query, exactQuery, keys)
  const slack = multiply(square(dyadic(tolerance)), read.sqNorm)
  const filtered = exactQuery === undefined
  const least = exactLeast(keys, i, read, 1, filtered)
  if (compare(least.gap, zero) < 0 && compare(square(least.gap), slack) > 0) {
    return `query: key ${least.keys[0]} scores higher than key ${i} by more than the tolerance`
  }
  const top = compare(least.gap, zero) < 0 ? least.gap : zero
  const most = negate(exactLeast(keys, i, read, -1, filtered).gap)
  const drop = subtract(most, top)
  const sqSpread = multiply(square(dyadic(spread)), read.sqNorm)
  if (compare(drop, zero) > 0 && compare(square(drop), sqSpread) > 0) return null
  return allEqual(keys, i, tolerance) ? null : 'query: no key scores below the maximum'
}

function allEqual(keys: KeySet, i: number, tolerance: number): boolean {
  const sqTolerance = square(dyadic(tolerance))
  for (let j = 0; j < keys.n; j++) {
    const a = difference(keys, i, j)
    if (compare(dot(a, a), sqTolerance) > 0) return false
    if (keys.bias !== null && keys.bias[j] !== keys.bias[i]) return false
  }
  return true
}

/** Exact distance from key i to the point that weights describe, as `√(sqDistance/sqTotal)`, and how far rounding them may move it. */
export interface HullPoint {
  readonly sqDistance: Dyadic
  readonly sqTotal: Dyadic
  readonly distance: number
  readonly rounding: Dyadic
}

/** The point `Σ w_j k_j / Σ w_j`, judged exactly; its rounding is `(m + d + 4)·u·Σ w_j ‖k_j − k_i‖₁`, and that of the smallest weights. */
export function hullPoint(keys: KeySet, i: number, support: Uint32Array, weights: Float64Array): HullPoint {
  const offset = new Array<Dyadic>(keys.d).fill(zero)
  let total = zero
  let spread = zero
  let reach = zero
  support.forEach((j, at) => {
    const w = dyadic(weights[at] ?? 0)
    let size = zero
    difference(keys, j, i).forEach((x, c) => {
      offset[c] = add(offset[c] ?? zero, multiply(w, x))
      size = add(size, x.m < 0n ? negate(x) : x)
    })
    total = add(total, w)
    spread = add(spread, multiply(w, size))
    reach = add(reach, size)
  })
  const sqDistance = dot(offset, offset)
  const sqTotal = square(total)
  const rounding = add(
    multiply(dyadic((support.length + keys.d + 4) * u), spread),
    multiply(dyadic(Number.MIN_VALUE), reach),
  )
  return { sqDistance, sqTotal, distance: rootRatio(sqDistance, sqTotal), rounding }
}

/** Whether the weights reach at least key i's bias, up to the rounding of each weight: `Σ w (b_j − b_i) >= −γ·Σ w·|b_j − b_i|`. */
export function reachesBias({ bias }: KeySet, i: number, support: Uint32Array, weights: Float64Array): boolean {
  if (bias === null) return true
  let sum = zero
  let magnitude = zero
  support.forEach((j, at) => {
    const rise = multiply(dyadic(weights[at] ?? 0), subtract(dyadic(bias[j] ?? 0), dyadic(bias[i] ?? 0)))
    sum = add(sum, rise)
    magnitude = add(magnitude, rise.m < 0n ? negate(rise) : rise)
  })
  return compare(add(sum, multiply(dyadic((support.length + 2) * u), magnitude)), zero) >= 0
}

function sumsToOne(weights: Float64Array): boolean {
  const total = weights.reduce((sum, w) => add(sum, dyadic(w)), zero)
  const slack = dyadic((weights.length + 2) * u)
  return compare(square(subtract(total, one)), square(slack)) <= 0
}

function verifyHull(
  keys: KeySet,
  certificate: Exclude<Certificate, { verdict: 'selectable' }>,
  tolerance: number,
): Verification {
  const { key, verdict, support, weights, distance } = certificate
  if (!sumsToOne(weights)) return invalid('weights: their sum is not 1')
  if (!(distance >= 0 && distance <= tolerance))
    return invalid(`distance: expected at most ${tolerance}, got ${distance}`)
  if (tolerance > 0) {
    const point = hullPoint(keys, key, support, weights)
    const near = compare(point.sqDistance, multiply(square(dyadic(tolerance)), point.sqTotal)) <= 0
    if (near && reachesBias(keys, key, support, weights)) {
      const right = Math.abs(distance - point.distance) <= point.distance * marginPrecision + toNumber(point.rounding)
      return right
        ? { valid: true }
        : invalid(`weights: they give a point at distance ${point.distance}, not ${distance}`)
    }
    if (distance !== 0) return invalid('weights: they give a point farther than the tolerance, or of too small a bias')
  }
  const spanning = tolerance === 0 && verdict === 'unselectable' && keys.bias === null
  const flaw = provesHull(keys, key, support, weights, spanning)
  if (flaw !== null) return invalid(flaw)
  if (spanning && allEqual(keys, key, 0)) return invalid('verdict: all keys are equal, so the key is tied')
  const point = hullPoint(keys, key, support, weights)
  return compare(point.sqDistance, multiply(square(point.rounding), point.sqTotal)) <= 0
    ? { valid: true }
    : invalid(`weights: they give a point at distance ${point.distance}, not ${distance}`)
}

/** Judges a certificate on validated keys; see `verify`. Complexity: O(n·d) floating-point and, at distance 0, O(d³) exact operations. */
export function verifyCertificate({ keys, tolerance }: OpenKeys, certificate: Certificate): Verification {
  if (typeof certificate !== 'object' || certificate === null) {
    throw new TypeError(
      `certificate: expected a certificate, got ${certificate === null ? 'null' : typeof certificate}`,
    )
  }
  const malformed = flawOfForm(certificate, keys)
  if (malformed !== null) return invalid(malformed)
  const { key, verdict } = certificate
  if (verdict === 'selectable') return verifySelectable(keys, certificate, tolerance)
  const hull = verifyHull(keys, certificate, tolerance)
  if (!hull.valid || verdict === 'unselectable') return hull
  const flaw = provesTie(keys, key, certificate.query, tolerance, certificate.exactQuery)
  return flaw === null ? hull : invalid(flaw)
}
