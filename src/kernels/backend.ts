/**
 * The kernels as users call them, and the one switch: which of two backends runs a call.
 *
 * 'simd' is a WebAssembly module of 128-bit vectors, 'js' the TypeScript kernels beside this file, which are the
 * reference. Where the module cannot be instantiated, 'js' runs everything and `backend()` says why. Otherwise a call
 * goes to 'js' when it is so small that copying to the module's memory would cost more than it saves; and calls whose
 * numbers are not finite, or so large or small that float32 or float64 sums might leave their range, end there too.
 *
 * float32 arrays are computed in float32 by 'simd' and in float64 by 'js'; docs/kernels.md has the bounds of both.
 */
import * as jsAttention from './attention.ts'
import * as jsGemm from './gemm.ts'
import * as jsLayerNorm from './layernorm.ts'
import * as jsScores from './scores.ts'
import type { Mask } from './scores.ts'
import * as simd from './simd/index.ts'
import type { Engine, ModuleBytes } from './simd/index.ts'
import { tell } from './sizes.ts'
import type { Floats } from './sizes.ts'
import * as jsSoftmax from './softmax.ts'

/** Which backend runs the kernels, and why. */
export interface Backend {
  /** `simd` for WebAssembly, `js` for TypeScript. */
  readonly name: 'simd' | 'js'
  /** Why this one: a phrase to print. */
  readonly reason: string
}

/**
 * The least work that goes to the module, where it overtakes the reference on the machine of docs/kernels.md: in
 * multiplications for products and attention, in numbers for what runs row by row. Copying to the module's memory costs
 * about half a microsecond, and a multiplication for each number read is soon done without.
 */
const least = { product: 64, attention: 128, softmax: 32, rows: 64, norms: 64, vector: 1000, dot: 1000 }

let choice: 'auto' | 'simd' | 'js' = 'auto'
/** Undefined until first needed, null where it could not be instantiated. */
let engine: Engine | null | undefined
let failure = ''

/** Which backend runs the kernels, and why; the first call instantiates the module. */
export function backend(): Backend {
  if (choice === 'js') return { name: 'js', reason: "chosen by setBackend('js')" }
  const module = instantiated()
  if (module === null) return { name: 'js', reason: failure }
  const kind = module.fused ? 'WebAssembly SIMD with fused multiply-adds' : 'WebAssembly SIMD'
  const reason =
    choice === 'simd'
      ? `${kind}, chosen by setBackend('simd') for calls of any size`
      : `${kind} is available; small calls run in JavaScript, which is faster there`
  return { name: 'simd', reason }
}

/**
 * Chooses the backend: for tests and measurements. 'auto' is the default; 'simd' sends small calls there too.
 *
 * @throws Error when 'simd' is asked for and cannot run; RangeError for any other word, TypeError for what is no word
 */
export function setBackend(name: 'auto' | 'simd' | 'js'): void {
  if (name !== 'auto' && name !== 'simd' && name !== 'js') {
    const wrong = typeof name === 'string' ? RangeError : TypeError
    throw new wrong(`backend: expected 'auto', 'simd' or 'js', got ${tell(name)}`)
  }
  if (name === 'simd' && instantiated() === null) throw new Error(`backend: 'simd' is not available: ${failure}`)
  choice = name
}

/** What another thread needs in order to compute as this one does: the choice, and the modules' bytes. */
export interface BackendState {
  readonly choice: 'auto' | 'simd' | 'js'
  readonly bytes: ModuleBytes
}

export function backendState(): BackendState {
  return { choice: instantiated() === null ? 'js' : choice, bytes: simd.moduleBytes() }
}

/**
 * For a worker, which ends soon after its work.
 *
 * @throws Error where the module runs on the thread that `state` comes from, and not on this one.
 */
export function adoptBackend({ choice: chosen, bytes }: BackendState): void {
  simd.setModuleBytes(bytes)
  simd.keepMemories()
  if (chosen !== 'js' && instantiated() === null) throw new Error(`backend: ${failure} in a worker`)
  choice = chosen
}

function instantiated(): Engine | null {
  if (engine !== undefined) return engine
  try {
    engine = simd.instantiate(true)
  } catch (error) {
    engine = null
    failure = `WebAssembly SIMD is not available: ${error instanceof Error ? error.message : String(error)}`
  }
  return engine
}

/** Whether a solver's own work goes to the module: there instances are kept, so that it pays for three keys already. */
export function usesModule(): boolean {
  return choice !== 'js' && instantiated() !== null
}

/** NaN, which is never enough, where a size is no number: the kernel has yet to refuse it. */
function workOf(m: number, n: number, d = 1): number {
  return typeof m === 'number' && typeof n === 'number' && typeof d === 'number' ? m * n * d : NaN
}

/** The module, for calls that go there. */
function engineFor(work: number, enough: number): Engine | null {
  if (choice === 'js' || (choice === 'auto' && !(work >= enough))) return null
  return instantiated()
}

/**
 * Attention: softmax(scale·Q·Kᵀ + mask)·V, never holding an m×n matrix. A fully masked row gives zeros, and a key of
 * weight 0 contributes nothing, even where its value is not finite.
 *
 * @param q m×d numbers
 * @param k n×d numbers
 * @param v n×dv numbers
 * @param causal query i sees keys j <= i + n − m only
 * @param mask 0 and 1 in a Uint8Array (1 = may attend), or numbers to add to the scores; m×n, or n with stride 0
 * @param maskStride n, or 0 when one row of the mask serves every query
 * @param out m×dv numbers; must not overlap the inputs
 * @throws TypeError for a wrong kind of argument; RangeError when a size is not an integer >= 0, a buffer is too short, or memory for scratch cannot be had
 *
 * O(m·n·(d + dv)) time. Online softmax: Milakov and Gimelshein 2018 (arXiv 1805.02867).
 */
export function attention<T extends Floats>(
  q: Floats,
  k: Floats,
  v: Floats,
  m: number,
  n: number,
  d: number,
  dv: number,
  scale: number,
  causal: boolean,
  mask: Mask | null,
  maskStride: number,
  out: T,
): T {
  const module = engineFor(workOf(m, n, d) + workOf(m, n, dv), least.attention)
  if (module === null) return jsAttention.attention(q, k, v, m, n, d, dv, scale, causal, mask, maskStride, out)
  return simd.attention(module, q, k, v, m, n, d, dv, scale, causal, mask, maskStride, out)
}

/**
 * The weights of attention: softmax(scale·Q·Kᵀ + mask). Each row sums to 1, and a fully masked row is zeros.
 *
 * @param q m×d numbers
 * @param k n×d numbers
 * @param causal query i sees keys j <= i + n − m only
 * @param mask 0 and 1 in a Uint8Array (1 = may attend), or numbers to add to the scores; m×n, or n with stride 0
 * @param maskStride n, or 0 when one row of the mask serves every query
 * @param out m×n numbers; must not overlap the inputs
 * @throws TypeError for a wrong kind of argument; RangeError when a size is not an integer >= 0, a buffer is too short, or memory for scratch cannot be had
 *
 * O(m·n·d) time.
 */
export function attentionWeights<T extends Floats>(
  q: Floats,
  k: Floats,
  m: number,
  n: number,
  d: number,
  scale: number,
  causal: boolean,
  mask: Mask | null,
  maskStride: number,
  out: T,
): T {
  const module = engineFor(workOf(m, n, d), least.attention)
  if (module === null) return jsAttention.attentionWeights(q, k, m, n, d, scale, causal, mask, maskStride, out)
  return simd.attentionWeights(module, q, k, m, n, d, scale, causal, mask, maskStride, out)
}

/**
 * Scores: out = scale·Q·Kᵀ.
 *
 * @param q m×d numbers
 * @param k n×d numbers
 * @param out m×n numbers; must not overlap q or k
 * @throws TypeError for a wrong kind of argument; RangeError when a size is not an integer >= 0, a buffer is too short, or memory for scratch cannot be had
 *
 * O(m·n·d) time. An entry errs by at most γ_(d+1)·|scale|·Σ|q||k| and its rounding (Higham 2002, section 3.1).
 */
export function scores<T extends Floats>(
  q: Floats,
  k: Floats,
  m: number,
  n: number,
  d: number,
  scale: number,
  out: T,
): T {
  const module = engineFor(workOf(m, n, d), least.product)
  if (module === null) return jsScores.scores(q, k, m, n, d, scale, out)
  return simd.scores(module, q, k, m, n, d, scale, out)
}

/**
 * out = A·B.
 *
 * @param a m×d numbers
 * @param b d×n numbers
 * @param out m×n numbers; must not overlap a or b
 * @throws TypeError for a wrong kind of argument; RangeError when a size is not an integer >= 0, a buffer is too short, or memory for scratch cannot be had
 *
 * O(m·n·d) time. An entry errs by at most γ_(d+1)·Σ|a||b| (Higham 2002, section 3.1).
 */
export function gemm<T extends Floats>(a: Floats, b: Floats, m: number, n: number, d: number, out: T): T {
  const module = engineFor(workOf(m, n, d), least.product)
  if (module === null) return jsGemm.gemm(a, b, m, n, d, out)
  return simd.gemm(module, a, b, m, n, d, out)
}

/**
 * out = A·Bᵀ.
 *
 * @param a m×d numbers
 * @param b n×d numbers
 * @param out m×n numbers; must not overlap a or b
 * @throws TypeError for a wrong kind of argument; RangeError when a size is not an integer >= 0, a buffer is too short, or memory for scratch cannot be had
 *
 * O(m·n·d) time. An entry errs by at most γ_(d+1)·Σ|a||b| (Higham 2002, section 3.1).
 */
export function gemmTransposed<T extends Floats>(a: Floats, b: Floats, m: number, n: number, d: number, out: T): T {
  const module = engineFor(workOf(m, n, d), least.product)
  if (module === null) return jsGemm.gemmTransposed(a, b, m, n, d, out)
  return simd.gemmTransposed(module, a, b, m, n, d, out)
}

/**
 * out = A·x.
 *
 * @param a rows×d numbers
 * @param x d numbers
 * @param out rows numbers; must not overlap a or x
 * @throws TypeError for a wrong kind of argument; RangeError when a size is not an integer >= 0, a buffer is too short, or memory for scratch cannot be had
 */
export function gemv<T extends Floats>(a: Floats, x: Floats, rows: number, d: number, out: T): T {
  const module = engineFor(workOf(rows, d), least.vector)
  if (module === null) return jsGemm.gemv(a, x, rows, d, out)
  return simd.gemv(module, a, x, rows, d, out)
}

/**
 * x·y.
 *
 * @param x d numbers
 * @param y d numbers
 * @throws TypeError for a wrong kind of argument; RangeError when a size is not an integer >= 0, a buffer is too short, or memory for scratch cannot be had
 */
export function dot(x: Floats, y: Floats, d: number): number {
  const module = engineFor(workOf(1, d), least.dot)
  if (module === null) return jsGemm.dot(x, y, d)
  return simd.dot(module, x, y, d)
}

/**
 * Norm of each row, at any exponent.
 *
 * @param x rows×d numbers
 * @param out rows numbers; must not overlap x
 * @throws TypeError for a wrong kind of argument; RangeError when a size is not an integer >= 0, a buffer is too short, or memory for scratch cannot be had
 */
export function rowNorms<T extends Floats>(x: Floats, rows: number, d: number, out: T): T {
  const module = engineFor(workOf(rows, d), least.norms)
  if (module === null) return jsGemm.rowNorms(x, rows, d, out)
  return simd.rowNorms(module, x, rows, d, out)
}

/**
 * Softmax of each row, shifted by its maximum. All −∞ gives zeros; entries of +∞ share the weight; a NaN makes its row NaN.
 *
 * @param s rows×n numbers
 * @param out rows×n numbers; may be `s`, no other overlap
 * @throws TypeError for a wrong kind of argument; RangeError when a size is not an integer >= 0, a buffer is too short, or memory for scratch cannot be had
 *
 * O(rows·n) time. Blanchard, Higham and Higham 2021 (arXiv 1909.03469).
 */
export function softmax<T extends Floats>(s: Floats, rows: number, n: number, out: T): T {
  const module = engineFor(workOf(rows, n), least.softmax)
  if (module === null) return jsSoftmax.softmax(s, rows, n, out)
  return simd.softmax(module, s, rows, n, out)
}

/**
 * Mean-centres each row: x − mean(x)·1. A constant row becomes exactly zero.
 *
 * @param x rows×d numbers
 * @param out rows×d numbers; may be `x`, no other overlap
 * @throws TypeError for a wrong kind of argument; RangeError when a size is not an integer >= 0, a buffer is too short, or memory for scratch cannot be had
 */
export function project<T extends Floats>(x: Floats, rows: number, d: number, out: T): T {
  const module = engineFor(workOf(rows, d), least.rows)
  if (module === null) return jsLayerNorm.project(x, rows, d, out)
  return simd.project(module, x, rows, d, out)
}

/**
 * Scales each row to x/√(‖x‖²/d + eps): norm √d when eps = 0, at any exponent. A zero row stays zero.
 *
 * @param x rows×d numbers
 * @param out rows×d numbers; may be `x`, no other overlap
 * @param eps finite, >= 0, inside the root, in the square of the unit of x
 * @throws TypeError for a wrong kind of argument; RangeError when a size is not an integer >= 0, a buffer is too short, eps is negative or not finite, or memory for
 * scratch cannot be had
 */
export function scale<T extends Floats>(x: Floats, rows: number, d: number, eps: number, out: T): T {
  const module = engineFor(workOf(rows, d), least.rows)
  if (module === null) return jsLayerNorm.scale(x, rows, d, eps, out)
  return simd.scale(module, x, rows, d, eps, out)
}

/**
 * LayerNorm of each row: gain ⊙ scale(project(x), eps) + bias.
 *
 * @param x rows×d numbers
 * @param eps finite, >= 0, inside the root, in the square of the unit of x
 * @param gain d numbers, or null for 1
 * @param bias d numbers, or null for 0
 * @param out rows×d numbers; may be `x`, not `gain` or `bias`
 * @throws TypeError for a wrong kind of argument; RangeError when a size is not an integer >= 0, a buffer is too short, eps is negative or not finite, or memory for
 * scratch cannot be had
 *
 * Ba, Kiros and Hinton 2016 (arXiv 1607.06450).
 */
export function layerNorm<T extends Floats>(
  x: Floats,
  rows: number,
  d: number,
  eps: number,
  gain: Floats | null,
  bias: Floats | null,
  out: T,
): T {
  const module = engineFor(workOf(rows, d), least.rows)
  if (module === null) return jsLayerNorm.layerNorm(x, rows, d, eps, gain, bias, out)
  return simd.layerNorm(module, x, rows, d, eps, gain, bias, out)
}

/**
 * RMSNorm of each row: gain ⊙ scale(x, eps).
 *
 * @param x rows×d numbers
 * @param eps finite, >= 0, inside the root, in the square of the unit of x
 * @param gain d numbers, or null for 1
 * @param out rows×d numbers; may be `x`, not `gain`
 * @throws TypeError for a wrong kind of argument; RangeError when a size is not an integer >= 0, a buffer is too short, eps is negative or not finite, or memory for
 * scratch cannot be had
 *
 * Zhang and Sennrich 2019 (arXiv 1910.07467).
 */
export function rmsNorm<T extends Floats>(
  x: Floats,
  rows: number,
  d: number,
  eps: number,
  gain: Floats | null,
  out: T,
): T {
  const module = engineFor(workOf(rows, d), least.rows)
  if (module === null) return jsLayerNorm.rmsNorm(x, rows, d, eps, gain, out)
  return simd.rmsNorm(module, x, rows, d, eps, gain, out)
}
