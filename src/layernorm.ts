/**
 * LayerNorm over matrices, and its two halves: the projection onto the hyperplane ⟂ 1 and the scaling onto the sphere.
 *
 *   layerNorm(x) = gain ⊙ scale(project(x), eps) + bias
 *
 * Ba, Kiros and Hinton 2016 (arXiv 1607.06450); the two halves and what they do for attention: Brody, Alon and Yahav 2023
 * (arXiv 2305.02582). Each function works on the rows along the last axis of a vector, a matrix or a stack of matrices.
 */
import type { NdArray } from 'ndarray'
import { checkOptions, describe } from './arguments.ts'
import * as kernels from './kernels/backend.ts'
import { projectionMatrix as projectionKernel } from './kernels/layernorm.ts'
import type { Floats } from './kernels/sizes.ts'
import { allocate, readVector, resultFloat, toNdarray } from './matrix.ts'
import type { Dense, MatrixLike, NumericArray } from './matrix.ts'
import { readStack, rowsOf } from './stack.ts'

/** A vector of length d: any array of numbers, or a one-dimensional `MatrixLike`. */
export type VectorLike = ArrayLike<number> | MatrixLike

/** Options of `scale`. */
export interface ScaleOptions {
  /** Added to the mean square, inside the root; in the square of the unit of X. Finite, >= 0; 0 unless given. */
  readonly eps?: number | undefined
}

/** Options of `rmsNorm`. */
export interface RmsNormOptions {
  /** Added to the mean square, inside the root; in the square of the unit of X. Finite, >= 0; 1e-5 unless given. */
  readonly eps?: number | undefined
  /** Factors of length d; 1 unless given. */
  readonly gain?: VectorLike | undefined
}

/** Options of `layerNorm`. */
export interface LayerNormOptions extends RmsNormOptions {
  /** Terms of length d; 0 unless given. */
  readonly bias?: VectorLike | undefined
}

/**
 * Mean-centres each row: (I − 11ᵀ/d)x, the projection onto the hyperplane of vectors that sum to 0.
 *
 * The mean of what is left after the first subtraction is subtracted too, so the error of an entry is a few u·d times the
 * largest entry of the result, not of x. A constant row becomes exactly 0. Entries of any exponent are safe.
 *
 * @param X shape [d], [n, d], [heads, n, d] or [batch, heads, n, d]
 * @returns the same shape and unit; float32 when X is float32, else float64
 * @throws TypeError when X is no matrix; RangeError when it has another rank or its data is too short
 *
 * O(n·d). Brody, Alon and Yahav 2023, section 3 (arXiv 2305.02582); Higham 2002, section 1.9.
 *
 * @example
 * ```ts
 * import { project } from 'selectability'
 *
 * const x = project([[1, 2, 6], [5, 5, 5]])
 * x.shape // => [2, 3]
 * Array.from(x.data) // => [-2, -1, 3, 0, 0, 0]
 * ```
 */
export function project(X: MatrixLike | NumericArray): NdArray<Floats> {
  return byRows(X, [], kernels.project)
}

/**
 * Scales each row to x/√(‖x‖²/d + eps). With eps = 0 every row but zero ends on the sphere of radius √d, also where
 * ‖x‖² would overflow or underflow; a zero row stays zero.
 *
 * @param X shape [d], [n, d], [heads, n, d] or [batch, heads, n, d]
 * @param options `eps`, finite, >= 0, in the square of the unit of X; 0 unless given
 * @returns the same shape, without unit; float32 when X is float32, else float64
 * @throws TypeError when X is no matrix or eps no number; RangeError when X has another rank or its data is too short,
 * or eps is negative or not finite
 *
 * O(n·d). Brody, Alon and Yahav 2023, section 3 (arXiv 2305.02582).
 *
 * @example
 * ```ts
 * import { scale } from 'selectability'
 *
 * Array.from(scale([[1, 7], [3e-300, -3e-300], [0, 0]]).data) // => [0.2, 1.4, 1, -1, 0, 0]
 * Array.from(scale([[1, 7]], { eps: 11 }).data) // => [1 / 6, 7 / 6]
 * ```
 */
export function scale(X: MatrixLike | NumericArray, options: ScaleOptions = {}): NdArray<Floats> {
  const { eps = 0 } = checkOptions(options)
  checkEps(eps)
  return byRows(X, [], (x, rows, d, out) => kernels.scale(x, rows, d, eps, out))
}

/**
 * LayerNorm: gain ⊙ (x − mean)/√(variance + eps) + bias for each row, the variance with divisor d and eps inside the
 * root, as PyTorch and ONNX have it, by a two-pass method: errors are relative to the centred row, not to the row. Sums run
 * in float64; where the SIMD kernels run, those of float32 rows run in float32, in pieces of 256 (docs/kernels.md).
 *
 * With eps = 0 a constant row gives the bias. With eps > 0, rows of small variance end inside the sphere of radius √d.
 *
 * @param X shape [d], [n, d], [heads, n, d] or [batch, heads, n, d]
 * @param options `eps`, finite, >= 0, in the square of the unit of X, 1e-5 unless given; `gain` and `bias`, length d
 * @returns the same shape, in the unit of gain and bias; float32 when X and the typed arrays among gain and bias are
 * float32, else float64
 * @throws TypeError when an argument is of the wrong kind; RangeError when X has another rank or its data is too short,
 * eps is negative or not finite, or gain or bias is not of length d
 *
 * O(n·d). Ba, Kiros and Hinton 2016 (arXiv 1607.06450).
 *
 * @example
 * ```ts
 * import { layerNorm } from 'selectability'
 *
 * Array.from(layerNorm([[1, 3]], { eps: 3 }).data) // => [-0.5, 0.5]
 * Array.from(layerNorm([[1, 3]], { eps: 0, gain: [2, 4], bias: [10, 0] }).data) // => [8, 4]
 * ```
 */
export function layerNorm(X: MatrixLike | NumericArray, options: LayerNormOptions = {}): NdArray<Floats> {
  const { eps = 1e-5, gain, bias } = checkOptions(options)
  checkEps(eps)
  return byRows(X, typedAmong(gain, bias), (x, rows, d, out) =>
    kernels.layerNorm(x, rows, d, eps, readOptional('gain', gain, d), readOptional('bias', bias, d), out),
  )
}

/**
 * RMSNorm: gain ⊙ x/√(‖x‖²/d + eps) for each row; LayerNorm without the projection.
 *
 * @param X shape [d], [n, d], [heads, n, d] or [batch, heads, n, d]
 * @param options `eps`, finite, >= 0, in the square of the unit of X, 1e-5 unless given; `gain`, length d
 * @returns the same shape, in the unit of gain; float32 when X and a typed gain are float32, else float64
 * @throws TypeError when an argument is of the wrong kind; RangeError when X has another rank or its data is too short,
 * eps is negative or not finite, or gain is not of length d
 *
 * O(n·d). Zhang and Sennrich 2019 (arXiv 1910.07467).
 *
 * @example
 * ```ts
 * import { rmsNorm } from 'selectability'
 *
 * Array.from(rmsNorm([[1, 7]], { eps: 0, gain: [10, 5] }).data) // => [2, 7]
 * ```
 */
export function rmsNorm(X: MatrixLike | NumericArray, options: RmsNormOptions = {}): NdArray<Floats> {
  const { eps = 1e-5, gain } = checkOptions(options)
  checkEps(eps)
  return byRows(X, typedAmong(gain), (x, rows, d, out) =>
    kernels.rmsNorm(x, rows, d, eps, readOptional('gain', gain, d), out),
  )
}

/**
 * The matrix of `project`, I − 11ᵀ/d: symmetric, idempotent, of rank d − 1, with image ⟂ 1. Entries correctly rounded.
 *
 * @param d an integer >= 0
 * @returns shape [d, d], float64
 * @throws TypeError when d is no number; RangeError when it is not an integer >= 0
 *
 * O(d²). Brody, Alon and Yahav 2023, section 3 (arXiv 2305.02582).
 *
 * @example
 * ```ts
 * import { projectionMatrix } from 'selectability'
 *
 * Array.from(projectionMatrix(2).data) // => [0.5, -0.5, -0.5, 0.5]
 * ```
 */
export function projectionMatrix(d: number): NdArray<Float64Array> {
  if (typeof d !== 'number') throw new TypeError(`d: expected an integer >= 0, got ${describe(d)}`)
  if (!(Number.isSafeInteger(d) && d >= 0)) throw new RangeError(`d: expected an integer >= 0, got ${d}`)
  return toNdarray(projectionKernel(d, allocate('d', 'float64', [d, d])), [d, d])
}

function byRows(
  X: MatrixLike | NumericArray,
  vectors: readonly Dense[],
  kernel: (x: Floats, rows: number, d: number, out: Floats) => Floats,
): NdArray<Floats> {
  const x = readStack('X', X as MatrixLike, [1, 2, 3, 4])
  const out = allocate('result', resultFloat(x, ...vectors), x.shape)
  return toNdarray(kernel(x.data, rowsOf(x), x.d, out), x.shape)
}

function readOptional(name: string, x: VectorLike | undefined, d: number): Float64Array | null {
  return x === undefined ? null : readVector(name, x, d)
}

/** The typed arrays among gain and bias, which count towards the type of the result; plain numbers do not. */
function typedAmong(...vectors: readonly (VectorLike | undefined)[]): Dense[] {
  return vectors.flatMap((x) => {
    const data = typeof x === 'object' && x !== null && 'data' in x ? x.data : x
    const tag = Object.prototype.toString.call(data)
    if (tag !== '[object Float32Array]' && tag !== '[object Float64Array]') return []
    return [{ data: [], shape: [], float: tag === '[object Float32Array]' ? 'float32' : 'float64' }]
  })
}

function checkEps(eps: unknown): void {
  if (typeof eps !== 'number') throw new TypeError(`eps: expected a number, got ${describe(eps)}`)
  if (!(eps >= 0 && eps < Infinity)) throw new RangeError(`eps: expected a finite number >= 0, got ${eps}`)
}
