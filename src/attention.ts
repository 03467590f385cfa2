/**
 * Attention over matrices and stacks of heads: softmax(scale·Q·Kᵀ + mask)·V, and each of its steps.
 *
 * Vaswani et al. 2017 (arXiv 1706.03762). Q has m queries and K has n keys of dimension d, V has n values. Stacks
 * [heads, n, d] and [batch, heads, n, d] go head by head; with more query heads than key heads, a whole multiple g of
 * them, query heads h·g … h·g + g − 1 share key head h (Ainslie et al. 2023, arXiv 2305.13245).
 */
import type { NdArray } from 'ndarray'
import { checkOptions, describe } from './arguments.ts'
import * as kernels from './kernels/backend.ts'
import type { Floats } from './kernels/sizes.ts'
import { readMask } from './mask.ts'
import type { MaskLike } from './mask.ts'
import { allocate, resultFloat, toNdarray } from './matrix.ts'
import type { MatrixLike, NumericArray } from './matrix.ts'
import { readStack, rowsOf } from './stack.ts'
import type { Stack } from './stack.ts'

/** Options of `scores`. */
export interface ScoresOptions {
  /** Factor of the products q·k, any finite number; 1/√d unless given. */
  readonly scale?: number | undefined
}

/** Options of `attention` and `attentionWeights`. */
export interface AttentionOptions extends ScoresOptions {
  /** Query i sees keys j <= i + n − m only: the last query sees all. False unless given. */
  readonly causal?: boolean | undefined
  /** Boolean (true = may attend) or added to the scores; shape [m, n] or [1, n], for all heads or one for each. */
  readonly mask?: MaskLike | undefined
}

const ranks = [2, 3, 4]

/**
 * Scores of every query against every key: scale·Q·Kᵀ.
 *
 * The error of an entry is at most γ_(d+1)·|scale|·Σ|q_c||k_c| and its rounding, with u = 2⁻⁵³; where Q and K are float32 and
 * the SIMD kernels run, sums run in float32, and u = 2⁻²⁴.
 *
 * @param Q shape [m, d], [heads, m, d] or [batch, heads, m, d]
 * @param K shape [n, d], [heads, n, d] or [batch, heads, n, d]
 * @param options `scale`, finite; 1/√d unless given
 * @returns shape [m, n], [heads, m, n] or [batch, heads, m, n]; float32 when Q and K are float32, else float64
 * @throws TypeError when an argument is of the wrong kind; RangeError when shapes do not fit or scale is not finite
 *
 * O(m·n·d) a head. Error bound: Higham 2002, section 3.1.
 *
 * @example
 * ```ts
 * import { scores } from 'selectability'
 *
 * const s = scores([[1, 0], [0, 2]], [[3, 4], [1, 1]], { scale: 0.5 })
 * s.shape // => [2, 2]
 * Array.from(s.data) // => [1.5, 0.5, 4, 1]
 * ```
 */
export function scores(Q: MatrixLike, K: MatrixLike, options: ScoresOptions = {}): NdArray<Floats> {
  const { scale } = checkOptions(options)
  const q = readStack('Q', Q, ranks)
  const k = readStack('K', K, ranks)
  checkKeys(q, k)
  const factor = readScale(scale, q.d)
  const shape = [...q.lead, q.rows, k.rows]
  const out = allocate('result', resultFloat(q, k), shape)
  for (const { queries, keys, head } of heads(q, k, out)) {
    kernels.scores(queries, keys, q.rows, k.rows, q.d, factor, matrixOf(out, head, q.rows * k.rows))
  }
  return toNdarray(out, shape)
}

/**
 * Softmax along the last axis, shifted by the maximum of the row: no overflow, and rows sum to 1 up to rounding.
 *
 * A row of all −∞ gives zeros. Entries of +∞ share the weight equally, the limit of letting them grow together. A NaN
 * makes its row NaN.
 *
 * @param S shape [n], [m, n], [heads, m, n] or [batch, heads, m, n]
 * @returns the same shape, entries in [0, 1]; float32 when S is float32, else float64
 * @throws TypeError when S is no matrix; RangeError when it has another rank or its data is too short
 *
 * O(m·n). Blanchard, Higham and Higham 2021 (arXiv 1909.03469).
 *
 * @example
 * ```ts
 * import { softmax } from 'selectability'
 *
 * Array.from(softmax([[0, Math.log(3)], [-Infinity, 1000], [-Infinity, -Infinity]]).data) // => [0.25, 0.75, 0, 1, 0, 0]
 * ```
 */
export function softmax(S: MatrixLike | NumericArray): NdArray<Floats> {
  const s = readStack('S', S as MatrixLike, [1, ...ranks])
  const out = allocate('result', resultFloat(s), s.shape)
  return toNdarray(kernels.softmax(s.data, rowsOf(s), s.d, out), s.shape)
}

/**
 * Attention weights: softmax(scale·Q·Kᵀ + mask). Rows sum to 1, except those of queries that may attend to no key, which
 * are zeros.
 *
 * @param Q shape [m, d], [heads, m, d] or [batch, heads, m, d]
 * @param K shape [n, d], [heads, n, d] or [batch, heads, n, d], with as many heads or a whole fraction
 * @param options `scale`, `causal`, `mask`; see `AttentionOptions`
 * @returns shape [m, n], [heads, m, n] or [batch, heads, m, n]; float32 when every floating input is, else float64
 * @throws TypeError when an argument is of the wrong kind; RangeError when shapes do not fit, scale is not finite, or a
 * mask of integers holds anything but 0 and 1
 *
 * O(m·n·d) a head. The weights in full take m·n numbers a head; `attention` does without them.
 *
 * @example
 * ```ts
 * import { attentionWeights } from 'selectability'
 *
 * const w = attentionWeights([[0], [0]], [[1], [2]], { causal: true })
 * Array.from(w.data) // => [1, 0, 0.5, 0.5]
 * const masked = attentionWeights([[0], [0]], [[1], [2]], { mask: [[false, true], [false, false]] })
 * Array.from(masked.data) // => [0, 1, 0, 0]
 * ```
 */
export function attentionWeights(Q: MatrixLike, K: MatrixLike, options: AttentionOptions = {}): NdArray<Floats> {
  const { scale, causal = false, mask } = checkOptions(options)
  const q = readStack('Q', Q, ranks)
  const k = readStack('K', K, ranks)
  checkKeys(q, k)
  const factor = readScale(scale, q.d)
  checkCausal(causal)
  const b = mask === undefined ? null : readMask(mask, q, k.rows)
  const shape = [...q.lead, q.rows, k.rows]
  const out = allocate('result', resultFloat(q, k, ...(b ? [b] : [])), shape)
  for (const { queries, keys, head } of heads(q, k, out)) {
    kernels.attentionWeights(
      queries,
      keys,
      q.rows,
      k.rows,
      q.d,
      factor,
      causal,
      b && b.of(head),
      b ? b.stride : 0,
      matrixOf(out, head, q.rows * k.rows),
    )
  }
  return toNdarray(out, shape)
}

/**
 * Attention: the weights of `attentionWeights` times V, in tiles, never holding an m×n matrix. Queries that may attend to
 * no key give zeros, and a key of weight 0 contributes nothing even where its value is not finite. Scores beyond the
 * largest double are infinite; keys that score +∞ share the weight.
 *
 * @param Q shape [m, d], [heads, m, d] or [batch, heads, m, d]
 * @param K shape [n, d], [heads, n, d] or [batch, heads, n, d], with as many heads or a whole fraction
 * @param V shape [n, e], [heads, n, e] or [batch, heads, n, e], heads as K; e need not be d
 * @param options `scale`, `causal`, `mask`; see `AttentionOptions`
 * @returns shape [m, e], [heads, m, e] or [batch, heads, m, e], in the unit of V; float32 when every floating input is,
 * else float64
 * @throws TypeError when an argument is of the wrong kind; RangeError when shapes do not fit, scale is not finite, or a
 * mask of integers holds anything but 0 and 1
 *
 * O(m·n·(d + e)) a head, O(d + e) memory beside inputs and result. Online softmax: Milakov and Gimelshein 2018
 * (arXiv 1805.02867).
 *
 * @example
 * ```ts
 * import { attention } from 'selectability'
 *
 * const y = attention([[0, 0], [1, 1]], [[1, 2], [3, 4]], [[10], [20]], { causal: true, scale: 0 })
 * y.shape // => [2, 1]
 * Array.from(y.data) // => [10, 15]
 * ```
 */
export function attention(
  Q: MatrixLike,
  K: MatrixLike,
  V: MatrixLike,
  options: AttentionOptions = {},
): NdArray<Floats> {
  const { scale, causal = false, mask } = checkOptions(options)
  const q = readStack('Q', Q, ranks)
  const k = readStack('K', K, ranks)
  const v = readStack('V', V, ranks)
  checkKeys(q, k)
  checkValues(k, v)
  const factor = readScale(scale, q.d)
  checkCausal(causal)
  const b = mask === undefined ? null : readMask(mask, q, k.rows)
  const shape = [...q.lead, q.rows, v.d]
  const out = allocate('result', resultFloat(q, k, v, ...(b ? [b] : [])), shape)
  for (const { queries, keys, head, shared } of heads(q, k, out)) {
    kernels.attention(
      queries,
      keys,
      matrixOf(v.data, shared, v.rows * v.d),
      q.rows,
      k.rows,
      q.d,
      v.d,
      factor,
      causal,
      b && b.of(head),
      b ? b.stride : 0,
      matrixOf(out, head, q.rows * v.d),
    )
  }
  return toNdarray(out, shape)
}

interface Head {
  readonly queries: Floats
  readonly keys: Floats
  /** Which matrix of the stack of queries, and which of the stack of keys. */
  readonly head: number
  readonly shared: number
}

/**
 * Key heads repeat in runs, so query matrix h of the whole stack goes with key matrix ⌊h/g⌋, across batches too. None where there is
 * nothing to fill in: of empty matrices there may be any number.
 */
function heads(q: Stack, k: Stack, out: Floats): Head[] {
  if (out.length === 0) return []
  const group = q.count / k.count
  return Array.from({ length: q.count }, (_, head) => {
    const shared = Math.floor(head / group)
    return {
      queries: matrixOf(q.data, head, q.rows * q.d),
      keys: matrixOf(k.data, shared, k.rows * k.d),
      head,
      shared,
    }
  })
}

function matrixOf(data: Floats, at: number, size: number): Floats {
  return data.subarray(at * size, (at + 1) * size)
}

function checkKeys(q: Stack, k: Stack): void {
  checkSameRank('K', k, 'Q', q)
  if (!(k.d === q.d || isEmpty(k) || isEmpty(q)))
    throw new RangeError(`K: expected dimension d = ${q.d} (that of Q), got ${k.d}`)
  if (q.lead.length === 2 && k.lead[0] !== q.lead[0]) {
    throw new RangeError(`K: expected a batch of ${q.lead[0]} (that of Q), got ${k.lead[0]}`)
  }
  const queryHeads = q.lead.at(-1) ?? 1
  const keyHeads = k.lead.at(-1) ?? 1
  if (!(queryHeads === keyHeads || queryHeads % keyHeads === 0)) {
    throw new RangeError(`K: expected a number of heads that divides ${queryHeads} (that of Q), got ${keyHeads}`)
  }
}

/** `[]`, rows of which none tells the dimension. */
function isEmpty({ shape }: Stack): boolean {
  return shape.length === 2 && shape[0] === 0 && shape[1] === 0
}

function checkValues(k: Stack, v: Stack): void {
  checkSameRank('V', v, 'K', k)
  if (v.rows !== k.rows) throw new RangeError(`V: expected n = ${k.rows} rows (those of K), got ${v.rows}`)
  if (!v.lead.every((size, axis) => size === k.lead[axis])) {
    throw new RangeError(`V: expected leading shape [${k.lead.join(', ')}] (that of K), got [${v.lead.join(', ')}]`)
  }
}

function checkSameRank(name: string, x: Stack, otherName: string, other: Stack): void {
  if (x.shape.length === other.shape.length) return
  throw new RangeError(
    `${name}: expected ${other.shape.length} dimensions (as many as ${otherName}), got ${x.shape.length}`,
  )
}

/** 1/√d unless given; at d = 0 every product is 0, and so is every score. */
function readScale(scale: unknown, d: number): number {
  if (scale === undefined) return d === 0 ? 1 : 1 / Math.sqrt(d)
  if (typeof scale !== 'number') throw new TypeError(`scale: expected a number, got ${describe(scale)}`)
  if (!Number.isFinite(scale)) throw new RangeError(`scale: expected a finite number, got ${scale}`)
  return scale
}

function checkCausal(causal: unknown): void {
  if (typeof causal !== 'boolean') throw new TypeError(`causal: expected true or false, got ${describe(causal)}`)
}
