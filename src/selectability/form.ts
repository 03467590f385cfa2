/** Whether a certificate has the form that the contract gives it: what `verify` asks before it judges the proof. */
import { add, compare, dyadic, multiply, negate, subtract, zero } from './exact/dyadic.ts'
import type { Dyadic } from './exact/dyadic.ts'
import type { KeySet } from './keyset.ts'
import type { Certificate } from './types.ts'

/** By tag, so that arrays of other realms count too. */
function isArray(x: unknown, tag: string): boolean {
  return ArrayBuffer.isView(x) && Object.prototype.toString.call(x) === `[object ${tag}]`
}

function size(a: Dyadic): Dyadic {
  return a.m < 0n ? negate(a) : a
}

/**
 * Whether floats are integers times a positive factor, each rounded to nearest. Such a float and the largest are off by u/(1 + u) of what
 * they round, so that their quotient is off by at most 2u of the floats'; and one that underflows by half the smallest float more.
 */
function isRounding(query: Float64Array, exact: readonly bigint[]): boolean {
  let top = 0
  query.forEach((x, c) => {
    if (Math.abs(x) > Math.abs(query[top])) top = c
  })
  const largest = dyadic(query[top])
  const whole = { m: exact[top], e: 0 }
  if (Math.sign(query[top]) !== compare(whole, zero)) return false
  return Array.from(query).every((x, c) => {
    const claimed = multiply(dyadic(x), whole)
    const right = multiply({ m: exact[c], e: 0 }, largest)
    const slack = add(multiply(size(right), { m: 1n, e: -52 }), multiply(size(whole), { m: 1n, e: -1075 }))
    return compare(size(subtract(claimed, right)), slack) <= 0
  })
}

/** What came where a certificate was parsed, but not read. */
const ofJson = (x: unknown): string =>
  Array.isArray(x) ? ', got an array (fromJson reads a certificate from JSON)' : ''

function flawOfQuery(query: Float64Array, exactQuery: unknown, { d, bias }: KeySet): string | null {
  if (!(isArray(query, 'Float64Array') && query.length === d))
    return `query: expected a Float64Array of length ${d}${ofJson(query)}`
  if (!query.every((x) => Number.isFinite(x))) return 'query: expected finite numbers'
  if (exactQuery === undefined) return null
  const length = bias === null ? d : d + 1
  if (!(Array.isArray(exactQuery) && exactQuery.length === length)) return `exactQuery: expected ${length} integers`
  const integers = exactQuery as unknown[]
  if (!integers.every((x) => typeof x === 'bigint')) return `exactQuery: expected ${length} integers`
  if (bias !== null && !(integers[d] > 0n)) return 'exactQuery: expected its last entry, the divisor, to be positive'
  return isRounding(query, integers) ? null : 'query: expected the exact query, rounded'
}

function flawOfHull(
  key: number,
  n: number,
  support: Uint32Array,
  weights: Float64Array,
  distance: unknown,
): string | null {
  if (!isArray(support, 'Uint32Array')) return `support: expected a Uint32Array${ofJson(support)}`
  if (!isArray(weights, 'Float64Array')) return `weights: expected a Float64Array${ofJson(weights)}`
  if (typeof distance !== 'number') return 'distance: expected a number'
  if (!(support.length > 0 && support.length === weights.length)) {
    return 'support and weights: expected one weight for each key of a support that is not empty'
  }
  if (!support.every((j) => j < n && j !== key)) return 'support: expected other keys of the set'
  if (new Set(support).size !== support.length) return 'support: a key is listed twice'
  return weights.every((w) => w > 0 && w <= 1) ? null : 'weights: expected every weight > 0 and <= 1'
}

/** What is wrong with the form of a certificate, or null. */
export function flawOfForm(certificate: Certificate, keys: KeySet): string | null {
  const { key, verdict } = certificate
  if (!(Number.isInteger(key) && key >= 0 && key < keys.n)) {
    return `key: expected an index from 0 to ${keys.n - 1}`
  }
  if (verdict !== 'selectable' && verdict !== 'tied' && verdict !== 'unselectable') {
    return 'verdict: expected selectable, tied or unselectable'
  }
  if (verdict !== 'unselectable') {
    const flaw = flawOfQuery(certificate.query, certificate.exactQuery, keys)
    if (flaw !== null) return flaw
  }
  if (verdict !== 'selectable') {
    return flawOfHull(key, keys.n, certificate.support, certificate.weights, certificate.distance)
  }
  if (typeof certificate.margin !== 'number') return 'margin: expected a number'
  return Number.isInteger(certificate.runnerUp) ? null : 'runnerUp: expected the index of a key, or -1'
}
