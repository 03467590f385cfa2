/** Beyond yes or no, for matrices: how sharply a key can be selected, and how far. */
import type { MatrixLike } from '../matrix.ts'
import { attainableWeightOf } from './attainable/index.ts'
import { checkIndex } from './keyset.ts'
import { marginOf } from './margin/index.ts'
import { open, openShared } from './open.ts'
import { questionOf } from './question.ts'
import type { AttainableAsyncOptions, AttainableOptions, AttainableWeight, Margin } from './types.ts'
import { weighKeys, weighKeysAsync } from './weigh.ts'

/**
 * How sharply a key can be selected: δ, its distance from the convex hull of the other keys, which is the largest margin
 * `s_i − max_{j≠i} s_j` of any query of norm 1.
 *
 * Primal and dual values bracket δ: the query's own margin from below, the distance of the weights' point from above. They are
 * proven to agree to 1e-12 relative, in doubled precision or, where that is not enough, in exact arithmetic.
 *
 * @param keys n × d, finite numbers
 * @param i index of the key, 0 to n − 1
 * @returns `distance` in the keys' units: 0 in the hull (the query is then 0), Infinity when n = 1; `query`, of norm 1, rounded;
 * `support` and `weights` of the nearest point of the hull
 * @throws TypeError for a wrong kind of argument; RangeError for a wrong value or shape
 *
 * Complexity: O(n·d) a step of Wolfe's algorithm, of which a few tens are taken.
 *
 * Source: P. Wolfe, *Finding the nearest point in a polytope*, 1976, doi:10.1007/BF01580381.
 *
 * @example
 * ```ts
 * import { margin } from 'selectability'
 *
 * const { distance, query, support } = margin([[0, 0], [4, 0], [2, 3]], 2)
 * distance // => 3
 * query[1] // => 1
 * support // => [0, 1]
 * ```
 */
export function margin(keys: MatrixLike, i: number): Margin {
  const opened = open(keys, {})
  return marginOf(opened.keys, checkIndex(i, opened.keys.n))
}

/**
 * The largest softmax weight, over logits `scale·q·k_j + b_j`, that any query with ‖q‖ <= maxNorm gives key i.
 *
 * A concave problem: its dual says that the best log-odds are `−max_W { H(W) + Σ W_j (b_j − b_i) − maxNorm·scale·‖k_i − Σ W_j k_j‖ }`
 * over convex weights W on the other keys, H their entropy. `weight` is recomputed from the query and rounded down, `bound` from the
 * weights and rounded up, with proven errors; they agree to 1e-9, relatively. Where float64 is too coarse for that, at norms of 1e8 and
 * more in logits or for keys that lie within 1e-8 of a hyperplane, both are sums of two floats, or have as many digits as it takes, and
 * what is returned is rounded.
 *
 * With no norm limit a selectable key comes as near to 1 as wanted and another to `1/(1 + e^{H*})`, H* the largest entropy of weights that give
 * it: 1/m for m equal keys, 1/3 in the middle between two. Keys within `tolerance` of the hull count as in it. Where no query reaches
 * that, `attained` is false, and `query` is long enough to come within rounding of it.
 *
 * @param keys n × d, finite numbers
 * @param i index of the key, 0 to n − 1
 * @throws TypeError for a wrong kind of argument; RangeError for a wrong value or shape
 *
 * Complexity: O(n·d²) a step of Newton's method, of which about ten are taken.
 *
 * Sources: S. Boyd, L. Vandenberghe, *Convex Optimization*, 2004, §5.2 (the duality) and §10.2; J. J. Moré, D. C. Sorensen, *Computing a
 * trust region step*, 1983, doi:10.1137/0904038.
 *
 * @example
 * ```ts
 * import { attainableWeight } from 'selectability'
 *
 * const keys = [[0], [2], [1]]
 * attainableWeight(keys, 2).weight.toFixed(6) // => '0.333333'
 * attainableWeight(keys, 1).weight // => 1
 * attainableWeight(keys, 1, { maxNorm: 2 }).weight.toFixed(6) // => '0.866813'
 * attainableWeight(keys, 1, { maxNorm: 0 }).weight.toFixed(6) // => '0.333333'
 * ```
 */
export function attainableWeight(keys: MatrixLike, i: number, options: AttainableOptions = {}): AttainableWeight {
  const { keys: opened, asked } = questionOf(open(keys, options), options)
  return attainableWeightOf(opened, checkIndex(i, opened.n), asked)
}

/**
 * The attainable weight of every key; see `attainableWeight`.
 *
 * @param keys n × d, finite numbers
 * @returns n weights
 * @throws as `attainableWeight`
 *
 * Complexity: n times that of `attainableWeight`.
 *
 * @example
 * ```ts
 * import { attainableWeights } from 'selectability'
 *
 * Array.from(attainableWeights([[0], [2], [1]], { maxNorm: 1 }), (w) => w.toFixed(3)) // => ['0.665', '0.665', '0.333']
 * ```
 */
export function attainableWeights(keys: MatrixLike, options: AttainableOptions = {}): Float64Array {
  const { keys: opened, asked } = questionOf(open(keys, options), options)
  return weighKeys(opened, asked)
}

/**
 * The same weights, found off the calling thread; where workers may start, and how an abort or a death ends them, see `selectabilityAsync`.
 *
 * @returns rejected with what `attainableWeights` throws, with the signal's reason, or with the reason why a worker died
 *
 * Complexity: as `attainableWeights`, over the threads.
 *
 * @example
 * ```ts
 * import { attainableWeightsAsync } from 'selectability'
 *
 * const weights = await attainableWeightsAsync([[0], [2], [1]], { maxNorm: 1, threads: 2 })
 * Array.from(weights, (w) => w.toFixed(3)) // => ['0.665', '0.665', '0.333']
 * ```
 */
export async function attainableWeightsAsync(
  keys: MatrixLike,
  options: AttainableAsyncOptions = {},
): Promise<Float64Array> {
  return weighKeysAsync(questionOf(openShared(keys, options), options), options)
}
