/** Selectability of matrices: the public functions over the door. */
import type { MatrixLike } from '../matrix.ts'
import { verifyCertificate } from './verify.ts'
import { checkKeysAsync } from './async.ts'
import { certifyKey } from './certify.ts'
import { checkKeys } from './check.ts'
import { open, openShared } from './open.ts'
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
 * Decides for every key whether attention can select it.
 *
 * Key i of n, a row of the n × d matrix, is *selectable* when some query makes its score `q·k_i` (plus its bias) the strict
 * maximum: when its distance δ_i from the convex hull of the other keys exceeds the tolerance. It is *tied* when it can only
 * share the maximum, and *unselectable* when it lies in the relative interior of the hull. Every verdict has a certificate that
 * was checked.
 *
 * @param keys n × d, n >= 1, d >= 1, finite numbers.
 * @throws TypeError for a wrong kind of argument; RangeError for NaN or an infinity (naming row and column), a wrong shape, a
 * negative tolerance, or a key that floating point cannot separate from a positive tolerance.
 *
 * Complexity: O(n²·d) for the pass that decides most keys, O(n·d) a step for each walk of the others.
 *
 * Sources: S. Brody, U. Alon, E. Yahav, *On the Expressivity Role of LayerNorm in Transformers' Attention*, 2023,
 * arXiv:2305.02582; P. Wolfe, *Finding the nearest point in a polytope*, 1976, doi:10.1007/BF01580381; with a bias, A. Grivas et
 * al., *Low-Rank Softmax Can Have Unargmaxable Classes*, 2022, arXiv:2203.06462.
 *
 * @example
 * ```ts
 * import { selectability } from 'selectability'
 *
 * const report = selectability([[1, 0], [0, 1], [-1, -1], [0.1, 0.1], [0.5, 0.5]])
 * report.verdicts // => ['selectable', 'selectable', 'selectable', 'unselectable', 'tied']
 * report.counts // => { selectable: 3, tied: 1, unselectable: 1 }
 * ```
 */
export function selectability(keys: MatrixLike, options: SelectabilityOptions = {}): Report {
  return checkKeys(open(keys, options), options)
}

/**
 * The same report as `selectability`, made off the calling thread: by worker_threads in Node, by Web Workers elsewhere, which are started
 * from embedded code, so that bundlers need no setting. Where memory can be shared (in browsers: on pages isolated from other origins) the
 * keys are held once.
 *
 * Where no worker may start (a Content Security Policy without `worker-src blob:`, Node's permission model without `--allow-worker`) the
 * check runs on the calling thread, which is free for others after each of its jobs; `onProgress` then says `threads: 0`, and an abort
 * counts from the next job on.
 *
 * @param options those of `selectability`; `threads`, at most so many workers; `signal`, whose abort ends all workers before the promise
 * is rejected with its reason; `onProgress`, called on the calling thread, at most ten times a second and at the end.
 * @returns rejected with what `selectability` throws; with a TypeError or RangeError for wrong options; with the signal's reason; or with
 * the reason why a worker died. No worker outlives a promise that is rejected. In Node, after sets of up to 2^22 numbers, workers wait five
 * seconds for the next call, which so starts 50 ms earlier; the process does not wait for them.
 *
 * Complexity: as `selectability`, over the threads; each worker holds the keys once more for its searches.
 *
 * @example
 * ```ts
 * import { selectabilityAsync } from 'selectability'
 *
 * const keys = [[1, 0], [0, 1], [-1, -1], [0.1, 0.1]]
 * const report = await selectabilityAsync(keys, { threads: 2, signal: AbortSignal.timeout(60_000) })
 * report.verdicts // => ['selectable', 'selectable', 'selectable', 'unselectable']
 * ```
 */
export async function selectabilityAsync(keys: MatrixLike, options: AsyncOptions = {}): Promise<Report> {
  return checkKeysAsync(openShared(keys, options), options)
}

/**
 * Decides some keys of a set, each against all keys: one shard of several, for processes or machines that share the work, or as many as
 * there is time for. Verdicts and certificates are those that `selectability` gives, to the last digit, so that the shards together are
 * its report.
 *
 * @param options `shard`, every count-th block of 64 keys in descending order of norm; `stop`, whose abort ends all workers and resolves the
 * promise with the keys that are decided by then; else as `selectabilityAsync`.
 * @returns rejected with a TypeError or RangeError for wrong arguments, or with the reason why a worker died.
 *
 * Complexity: the pass over all pairs, O(n²·d), and the walks of 512 long keys at most, which every shard repeats; then its share of the
 * other walks, O(n·d) a step.
 *
 * @example
 * ```ts
 * import { selectabilityPart } from 'selectability'
 *
 * const keys = [[1, 0], [0, 1], [-1, -1], [0.1, 0.1]]
 * const { keys: decided, verdicts } = await selectabilityPart(keys, { shard: { index: 1, count: 2 } })
 * Array.from(decided) // => [0, 1, 2, 3]
 * verdicts[3] // => 'unselectable'
 * ```
 */
export async function selectabilityPart(keys: MatrixLike, options: PartOptions = {}): Promise<PartialReport> {
  return checkPart(openShared(keys, options), options)
}

/**
 * Proves the verdict of one key; see `selectability`.
 *
 * @param i index of the key, 0 to n − 1.
 * @throws RangeError when `i` is out of range, else as `selectability`.
 *
 * Complexity: O(n·d·rank) to prepare, then O(n·d) a step of the walk.
 *
 * @example
 * ```ts
 * import { certify } from 'selectability'
 *
 * const certificate = certify([[0, 0], [2, 0], [1, 0]], 2)
 * certificate.verdict // => 'unselectable'
 * certificate.verdict === 'unselectable' && certificate.distance // => 0
 * ```
 */
export function certify(keys: MatrixLike, i: number, options: CertifyOptions = {}): Certificate {
  return certifyKey(open(keys, options), i)
}

/**
 * Judges a certificate, in exact arithmetic and without the solver that made it.
 *
 * A query must beat every rival by more than the tolerance; weights must give a point within it (at distance 0, exact weights
 * must exist on the support); a tie's query must have the key at the maximum and another below. What is wrong is in `reason`.
 *
 * @throws TypeError or RangeError for bad keys or options; a bad certificate is `{ valid: false, reason }`, not an exception.
 *
 * Complexity: O(n·d) floating-point operations and few exact ones; at distance 0, O(d³) exact ones.
 *
 * @example
 * ```ts
 * import { certify, verify } from 'selectability'
 *
 * const keys = [[3, 0], [0, 4], [-1, -1]]
 * const certificate = certify(keys, 1)
 * verify(keys, certificate) // => { valid: true }
 * verify(keys, { ...certificate, key: 0 }).valid // => false
 * ```
 */
export function verify(keys: MatrixLike, certificate: Certificate, options: CertifyOptions = {}): Verification {
  return verifyCertificate(open(keys, options), certificate)
}
