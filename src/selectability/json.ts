/** Certificates as JSON: typed arrays as plain arrays, bigints as decimal strings, Infinity as the string "Infinity". */
import { describe } from '../arguments.ts'
import type { Certificate } from './types.ts'

/** The JSON form of a certificate. */
export type CertificateJson = Readonly<Record<string, string | number | readonly number[] | readonly string[]>>

/**
 * The JSON form of a certificate, ready for `JSON.stringify`.
 *
 * @throws TypeError when it is no object.
 *
 * @example
 * ```ts
 * import { certify, toJson } from 'selectability'
 *
 * toJson(certify([[5]], 0)) // => { verdict: 'selectable', key: 0, query: [1], margin: 'Infinity', runnerUp: -1 }
 * ```
 */
export function toJson(certificate: Certificate): CertificateJson {
  if (typeof certificate !== 'object' || (certificate as Certificate | null) === null)
    throw new TypeError(`certificate: expected a certificate, got ${describe(certificate)}`)
  const json: Record<string, string | number | readonly number[] | readonly string[]> = {}
  for (const [name, value] of Object.entries(certificate) as [string, unknown][]) {
    if (value === Infinity) json[name] = 'Infinity'
    else if (typeof value === 'number' || typeof value === 'string') json[name] = value
    else if (Array.isArray(value)) json[name] = value.map(String)
    else if (ArrayBuffer.isView(value)) json[name] = Array.from(value as Float64Array)
  }
  return json
}

/**
 * Digits of an exact query for each of its d numbers. By Hadamard's inequality a minor of d rows of float64, taken as integers of
 * at most 2098 bits, has at most d·(2098 + log₂(d)/2) bits, some 640·d digits; this is fifteen times as much. Without a bound, ten
 * million digits would keep `verify` busy for seconds.
 */
const digitsADimension = 10_000

function field(json: Record<string, unknown>, name: string): unknown {
  if (!(name in json)) throw new TypeError(`certificate: expected a field ${name}`)
  return json[name]
}

function readNumber(json: Record<string, unknown>, name: string): number {
  const value = field(json, name)
  if (value === 'Infinity') return Infinity
  if (typeof value !== 'number')
    throw new TypeError(`certificate: expected ${name} to be a number, got ${describe(value)}`)
  return value
}

function readNumbers(json: Record<string, unknown>, name: string): number[] {
  const value = field(json, name)
  if (!Array.isArray(value) || !value.every((x) => typeof x === 'number')) {
    throw new TypeError(`certificate: expected ${name} to be an array of numbers, got ${describe(value)}`)
  }
  return value
}

function readIndices(json: Record<string, unknown>, name: string): Uint32Array {
  const value = readNumbers(json, name)
  const bad = value.find((x) => !(Number.isInteger(x) && x >= 0 && x < 2 ** 32))
  if (bad !== undefined) throw new RangeError(`certificate: expected ${name} to hold indices of keys, got ${bad}`)
  return Uint32Array.from(value)
}

function readExactQuery(json: Record<string, unknown>): { exactQuery?: readonly bigint[] } {
  if (!('exactQuery' in json)) return {}
  const value = json.exactQuery
  if (!Array.isArray(value) || !value.every((x) => typeof x === 'string' && /^-?\d+$/.test(x))) {
    throw new TypeError(`certificate: expected exactQuery to be an array of decimal strings, got ${describe(value)}`)
  }
  const longest = digitsADimension * (value.length + 1)
  const bad = value.find((x: string) => x.length > longest) as string | undefined
  if (bad !== undefined) {
    throw new RangeError(
      `certificate: expected exactQuery to hold at most ${longest} digits a number, got ${bad.length}`,
    )
  }
  return { exactQuery: value.map((x) => BigInt(x)) }
}

/**
 * The certificate of its JSON form.
 *
 * @throws TypeError for a missing field or one of the wrong kind; RangeError for an index or a verdict that cannot be.
 *
 * @example
 * ```ts
 * import { certify, fromJson, toJson, verify } from 'selectability'
 *
 * const keys = [[1, 0], [0, 1]]
 * verify(keys, fromJson(JSON.parse(JSON.stringify(toJson(certify(keys, 0)))))) // => { valid: true }
 * ```
 */
export function fromJson(json: unknown): Certificate {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new TypeError(`certificate: expected an object, got ${describe(json)}`)
  }
  const record = json as Record<string, unknown>
  const verdict = field(record, 'verdict')
  const key = readNumber(record, 'key')
  if (verdict === 'selectable') {
    const query = Float64Array.from(readNumbers(record, 'query'))
    const margin = readNumber(record, 'margin')
    return { verdict, key, query, margin, runnerUp: readNumber(record, 'runnerUp'), ...readExactQuery(record) }
  }
  if (verdict !== 'tied' && verdict !== 'unselectable') {
    throw new RangeError(
      `certificate: expected verdict selectable, tied or unselectable, got ${JSON.stringify(verdict)}`,
    )
  }
  const hull = {
    support: readIndices(record, 'support'),
    weights: Float64Array.from(readNumbers(record, 'weights')),
    distance: readNumber(record, 'distance'),
  }
  if (verdict === 'unselectable') return { verdict, key, ...hull }
  return { verdict, key, query: Float64Array.from(readNumbers(record, 'query')), ...hull, ...readExactQuery(record) }
}
