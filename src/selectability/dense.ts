/**
 * Selectability of dense keys: n × d numbers, row-major, in one typed array. No dependency, no generated code.
 *
 * The same checker as the functions over matrices, for callers who have no `ndarray` or may not generate code.
 */
import type { Floats } from '../kernels/sizes.ts'
import { verifyCertificate } from './verify.ts'
import { checkKeysAsync } from './async.ts'
import { certifyKey } from './certify.ts'
import { checkKeys } from './check.ts'
import { openDense as open, openDenseShared as openShared } from './open-dense.ts'
import { checkPart } from './part.ts'
import type {
  AsyncOptions,
  Certificate,
  CertifyOptions,
  PartialReport,
  PartOptions,
  Report,
  SelectabilityOptions,
  Verification,
} from './types.ts'

/**
 * Decides for every key, row i of `data`, whether attention can select it.
 *
 * @param data at least n·d finite numbers, row-major; neither modified nor kept
 * @param n keys, >= 1
 * @param d dimension, >= 1
 * @throws TypeError for a wrong kind of argument; RangeError for NaN or an infinity (naming row and column), a wrong size, or a
 * negative tolerance
 *
 * Complexity, sources and the meaning of the verdicts: see `selectability` of the main entry.
 *
 * @example
 * ```ts
 * import { selectability } from 'selectability/kernels'
 *
 * selectability(Float64Array.of(0, 2, 1), 3, 1).verdicts // => ['selectable', 'selectable', 'unselectable']
 * ```
 */
export function selectability(data: Floats, n: number, d: number, options: SelectabilityOptions = {}): Report {
  return checkKeys(open(data, n, d, options), options)
}

/**
 * The same report, made off the calling thread; what it needs, and how it ends, see `selectabilityAsync` of the main entry.
 *
 * @returns rejected with what `selectability` throws, with the signal's reason, or with the reason why a worker died
 *
 * @example
 * ```ts
 * import { selectabilityAsync } from 'selectability/kernels'
 *
 * const { counts } = await selectabilityAsync(Float64Array.of(0, 2, 1), 3, 1, { threads: 2 })
 * counts.unselectable // => 1
 * ```
 */
export async function selectabilityAsync(
  data: Floats,
  n: number,
  d: number,
  options: AsyncOptions = {},
): Promise<Report> {
  return checkKeysAsync(openShared(data, n, d, options), options)
}

/**
 * Decides some keys of a set, each against all keys; see `selectabilityPart` of the main entry.
 *
 * @example
 * ```ts
 * import { selectabilityPart } from 'selectability/kernels'
 *
 * const { complete } = await selectabilityPart(Float64Array.of(0, 2, 1), 3, 1, { shard: { index: 2, count: 2 } })
 * complete // => true
 * ```
 */
export async function selectabilityPart(
  data: Floats,
  n: number,
  d: number,
  options: PartOptions = {},
): Promise<PartialReport> {
  return checkPart(openShared(data, n, d, options), options)
}

/**
 * Proves the verdict of key i alone.
 *
 * @throws RangeError when `i` is out of range, else as `selectability`
 *
 * @example
 * ```ts
 * import { certify } from 'selectability/kernels'
 *
 * certify(Float64Array.of(0, 2, 1), 3, 1, 2).verdict // => 'unselectable'
 * ```
 */
export function certify(data: Floats, n: number, d: number, i: number, options: CertifyOptions = {}): Certificate {
  return certifyKey(open(data, n, d, options), i)
}

/**
 * Judges a certificate, in exact arithmetic and without the solver that made it.
 *
 * @throws TypeError or RangeError for bad keys or options; a bad certificate is `{ valid: false, reason }`
 *
 * @example
 * ```ts
 * import { certify, verify } from 'selectability/kernels'
 *
 * const keys = Float64Array.of(0, 2, 1)
 * verify(keys, 3, 1, certify(keys, 3, 1, 2)) // => { valid: true }
 * ```
 */
export function verify(
  data: Floats,
  n: number,
  d: number,
  certificate: Certificate,
  options: CertifyOptions = {},
): Verification {
  return verifyCertificate(open(data, n, d, options), certificate)
}
