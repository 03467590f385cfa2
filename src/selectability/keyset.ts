/** A key set as the checker sees it: validated, dense, its own copy, with the tolerance that holds for it. */
import { checkArray, describe } from '../arguments.ts'
import { ldexp } from './exact/dyadic.ts'
import type { CertifyOptions } from './types.ts'

/** n keys of d coordinates, row-major, and a bias for each if there is one. */
export interface KeySet {
  readonly data: Float64Array
  readonly n: number
  readonly d: number
  readonly bias: Float64Array | null
  /** The exponent e of the largest coordinate in magnitude: `2^e <= max|x| < 2^(e+1)`; 0 where all are 0. */
  readonly exponent: number
}

/** Memory for so many numbers; null where there is none of that kind, so that the thread's own has to do. */
export type Allocate = (length: number) => Float64Array | null

export const ownMemory: Allocate = () => null

/** Unit roundoffs of the two float formats. */
export const unitRoundoff: { readonly float32: number; readonly float64: number } = {
  float32: 2 ** -24,
  float64: 2 ** -53,
}

/**
 * Checks and copies keys for the checker.
 *
 * @throws RangeError for n = 0, d = 0, a NaN or an infinity (naming row and column), or a bias that is not finite.
 */
export function keySet(
  data: ArrayLike<number>,
  n: number,
  d: number,
  bias: ArrayLike<number> | null = null,
  allocate: Allocate = ownMemory,
): KeySet {
  if (!(n >= 1)) throw new RangeError('keys: expected at least 1 key, got 0')
  if (!(d >= 1)) throw new RangeError('keys: expected at least 1 dimension a key, got 0')
  if (data.length < n * d)
    throw new RangeError(`keys: expected ${n * d} numbers for n = ${n} and d = ${d}, got ${data.length}`)
  const copy = allocate(n * d) ?? new Float64Array(n * d)
  let top = 0
  for (let at = 0; at < n * d; at++) {
    const x = data[at]
    const size = Math.abs(x)
    copy[at] = x
    // Neither NaN nor an infinity is below what came before, so few numbers are looked at twice.
    if (size <= top) continue
    if (!(size < Infinity)) {
      throw new RangeError(`keys: expected finite numbers, got ${x} in row ${Math.floor(at / d)}, column ${at % d}`)
    }
    top = size
  }
  return { data: copy, n, d, bias: bias === null ? null : checkBias(bias, n), exponent: exponentOf([top]) }
}

function checkBias(bias: ArrayLike<number>, n: number): Float64Array {
  if (bias.length !== n) throw new RangeError(`bias: expected length ${n} (one for each key), got ${bias.length}`)
  const copy = Float64Array.from(bias)
  const bad = copy.findIndex((x) => !Number.isFinite(x))
  if (bad >= 0) throw new RangeError(`bias: expected finite numbers, got ${copy[bad]} at index ${bad}`)
  return copy
}

/** The binary exponent e with `2^e <= max|x| < 2^(e+1)`; 0 when every x is 0. */
export function exponentOf(x: ArrayLike<number>): number {
  let top = 0
  for (let at = 0; at < x.length; at++) {
    const size = Math.abs(x[at])
    if (size > top) top = size
  }
  if (top === 0) return 0
  const subnormal = top < 2 ** -1022
  const e = Math.floor(Math.log2(subnormal ? top * 2 ** 60 : top)) - (subnormal ? 60 : 0)
  return ldexp(top, -e) >= 2 ? e + 1 : ldexp(top, -e) < 1 ? e - 1 : e
}

/** Three powers of two whose product, from left to right, scales by `2^shift` without leaving the range of floats on the way. */
export function powersOf(shift: number): readonly [number, number, number] {
  const clamped = Math.max(-2200, Math.min(2200, shift))
  const third = Math.trunc(clamped / 3)
  return [2 ** third, 2 ** third, 2 ** (clamped - 2 * third)]
}

/** `factor·max_j ‖k_j‖`, with neither overflow nor underflow on the way. */
export function largestNorm({ data, n, d, exponent: e }: KeySet, factor: number): number {
  const [p, q, r] = powersOf(-e)
  let top = 0
  for (let j = 0; j < n; j++) {
    let sum = 0
    for (let c = 0, at = j * d; c < d; c++, at++) {
      const x = data[at] * p * q * r
      sum += x * x
    }
    if (sum > top) top = sum
  }
  return ldexp(factor * Math.sqrt(top), e)
}

/** The contract's default, `8·u·max_j ‖k_j‖`: rounding in the keys does not decide. */
export function defaultTolerance(keys: KeySet, float: 'float32' | 'float64' | null): number {
  return largestNorm(keys, 8 * unitRoundoff[float ?? 'float64'])
}

/** @throws TypeError unless it is a number, RangeError unless it is finite and >= 0. */
export function checkTolerance(tolerance: unknown): number {
  if (typeof tolerance !== 'number') throw new TypeError(`tolerance: expected a number, got ${describe(tolerance)}`)
  if (!(tolerance >= 0 && tolerance < Infinity)) {
    throw new RangeError(`tolerance: expected a finite number >= 0, got ${tolerance}`)
  }
  return tolerance
}

/** A key set and the tolerance that holds for it. */
export interface OpenKeys {
  readonly keys: KeySet
  readonly tolerance: number
}

/** Checks keys and options; `float` is the type that the keys came in, which sets the default tolerance. */
export function openKeys(
  data: ArrayLike<number>,
  n: number,
  d: number,
  float: 'float32' | 'float64' | null,
  { tolerance, bias }: CertifyOptions,
  allocate: Allocate = ownMemory,
): OpenKeys {
  if (bias !== undefined) checkArray('bias', bias, 'number')
  const keys = keySet(data, n, d, bias ?? null, allocate)
  return { keys, tolerance: tolerance === undefined ? defaultTolerance(keys, float) : checkTolerance(tolerance) }
}

/** @throws TypeError unless it is a number, RangeError unless it is the index of a key. */
export function checkIndex(i: unknown, n: number, name = 'i'): number {
  if (typeof i !== 'number') throw new TypeError(`${name}: expected the index of a key, got ${describe(i)}`)
  if (!(Number.isInteger(i) && i >= 0 && i < n)) {
    throw new RangeError(`${name}: expected an index from 0 to ${n - 1}, got ${i}`)
  }
  return i
}
