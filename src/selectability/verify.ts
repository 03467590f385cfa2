/**
 * The judge: whether a certificate proves its verdict. Exact, and independent of the solver.
 *
 * Read this file, `form.ts`, `certificate.ts`, `bounds.ts` and, of `exact`, `support.ts`, `linear.ts`, `integers.ts` and
 * `dyadic.ts`; what `exact/weights.ts` proposes is checked.
 */
import { describe } from '../arguments.ts'
import { u } from './bounds.ts'
import { allEqual, hullPoint, isWithin, provenMargin, provesTie } from './certificate.ts'
import { commonIntegers, compare, dyadic, square, subtract, toNumber } from './exact/dyadic.ts'
import { provesHull } from './exact/support.ts'
import { flawOfForm } from './form.ts'
import type { KeySet, OpenKeys } from './keyset.ts'
import type { Certificate, SelectableCertificate, Verification } from './types.ts'

/** The contract gives margins to 1e-9 relative; 2^−30 is just below. */
const marginPrecision = 2 ** -30

/** Judges a certificate on validated keys; see `verify`. Complexity: O(n·d) floating-point and, at distance 0, O(d³) exact operations. */
export function verifyCertificate({ keys, tolerance }: OpenKeys, certificate: Certificate): Verification {
  if (typeof certificate !== 'object' || certificate === null) {
    throw new TypeError(`certificate: expected a certificate, got ${describe(certificate)}`)
  }
  const reason = flawOfForm(certificate, keys) ?? flawOfProof(keys, certificate, tolerance)
  return reason === null ? { valid: true } : { valid: false, reason }
}

function flawOfProof(keys: KeySet, certificate: Certificate, tolerance: number): string | null {
  if (certificate.verdict === 'selectable') return flawOfMargin(keys, certificate, tolerance)
  const flaw = flawOfHull(keys, certificate, tolerance)
  if (flaw !== null || certificate.verdict === 'unselectable') return flaw
  return provesTie(keys, certificate.key, certificate.query, tolerance, certificate.exactQuery)
}

/** The query beats every other key by more than the tolerance, by the margin claimed, and the runner-up comes second. */
function flawOfMargin(keys: KeySet, certificate: SelectableCertificate, tolerance: number): string | null {
  const { key, query, margin, runnerUp, exactQuery } = certificate
  if (keys.n === 1) {
    return margin === Infinity && runnerUp === -1 ? null : 'a single key has margin Infinity and runner-up -1'
  }
  const proven = provenMargin(keys, key, query, tolerance, exactQuery)
  if (proven.sign <= 0) return `query: key ${proven.runnersUp[0]} scores at least as high as key ${key}`
  if (!proven.exceeds) return `query: its margin does not exceed the tolerance ${tolerance}`
  if (!proven.runnersUp.includes(runnerUp)) return `runnerUp: expected ${proven.runnersUp[0]}, got ${runnerUp}`
  const near = proven.margin < Infinity && Math.abs(margin - proven.margin) <= marginPrecision * proven.margin
  return near || margin === proven.margin ? null : `margin: expected ${proven.margin}, got ${margin}`
}

/** The weights give a point at the distance claimed, within the tolerance; at distance 0 exact ones do, on the support alone. */
function flawOfHull(
  keys: KeySet,
  { key, verdict, support, weights, distance }: Exclude<Certificate, SelectableCertificate>,
  tolerance: number,
): string | null {
  if (!sumsToOne(weights)) return 'weights: their sum is not 1'
  if (!(distance >= 0 && distance <= tolerance)) return `distance: expected at most ${tolerance}, got ${distance}`
  const point = hullPoint(keys, key, support, weights)
  const elsewhere = `weights: they give a point at distance ${point.distance}, not ${distance}`
  if (tolerance > 0 && isWithin(point, dyadic(tolerance)) && point.reachesBias) {
    const slack = point.distance * marginPrecision + toNumber(point.rounding)
    return Math.abs(distance - point.distance) <= slack ? null : elsewhere
  }
  if (distance !== 0) return 'weights: they give a point farther than the tolerance, or of too small a bias'
  const spanning = tolerance === 0 && verdict === 'unselectable' && keys.bias === null
  const flaw = provesHull(keys, key, support, weights, spanning)
  if (flaw !== null) return flaw
  if (spanning && allEqual(keys, key, 0)) return 'verdict: all keys are equal, so the key is tied'
  return isWithin(point, point.rounding) ? null : elsewhere
}

/** Each weight may be off by its rounding, and their sum by as many. */
function sumsToOne(weights: Float64Array): boolean {
  const { integers, e } = commonIntegers(weights)
  const off = subtract({ m: integers.reduce((sum, w) => sum + w, 0n), e }, { m: 1n, e: 0 })
  return compare(square(off), square(dyadic((weights.length + 2) * u))) <= 0
}
