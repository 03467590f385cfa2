/**
 * The linear programs of factors, exact and rounded.
 *
 * For a factor t on key j, with `a_l = k_l − k_i` over the keys but i and j: `t·k_j + Σ α_l·a_l = k_i`, α >= 0.
 * For one on key i itself, with convex weights on all other keys: `−t·k_i + Σ w_l·k_l = 0`, `Σ w_l = 1`, w >= 0.
 */
import { lastBit, ldexp, toInteger } from '../exact/dyadic.ts'
import type { Program } from '../exact/program.ts'
import { exponentOf } from '../keyset.ts'
import type { KeySet } from '../keyset.ts'

/** Keys as integers times 2^e, the last bit that any of them has. */
function integersOf({ data, d }: KeySet): { key: (l: number) => bigint[]; e: number } {
  const last = data.reduce((least, x) => Math.min(least, lastBit(x)), Infinity)
  const e = last === Infinity ? 0 : last
  return { key: (l) => Array.from(data.subarray(l * d, (l + 1) * d), (x) => toInteger(x, e)), e }
}

/** Brings a column to a largest entry between 1 and 2, in place; returns the exponent that it lost. */
function balance(column: Float64Array): number {
  const e = exponentOf(column)
  for (let r = 0; r < column.length; r++) column[r] = ldexp(column[r], -e)
  return e
}

/** The factor on key j with which key i is in the hull of it and the `others`, of which key i is a vertex. */
export function programOfRival(keys: KeySet, i: number, j: number, others: ArrayLike<number>): Program {
  const { data, d } = keys
  const { key, e } = integersOf(keys)
  const own = key(i)
  const count = others.length + 1
  const rounded = new Float64Array(count * d)
  const exponents = new Int32Array(count)
  for (let s = 0; s < count; s++) {
    const column = rounded.subarray(s * d, (s + 1) * d)
    const from = (s === 0 ? j : others[s - 1]) * d
    column.set(data.subarray(from, from + d))
    if (s > 0) for (let c = 0; c < d; c++) column[c] -= data[i * d + c]
    // Only a difference of the largest floats overflows; a bit that halving loses is far below it.
    const halved = !column.every(Number.isFinite)
    if (halved) for (let c = 0; c < d; c++) column[c] = data[from + c] / 2 - data[i * d + c] / 2
    exponents[s] = balance(column) + (halved ? 1 : 0) - e
  }
  const column = (s: number): bigint[] => (s === 0 ? key(j) : key(others[s - 1]).map((x, c) => x - own[c]))
  return { count, rank: d, column, right: own, rounded, exponents }
}

/** The factor on key i itself with which it is in the hull of the `others`. */
export function programOfOwn(keys: KeySet, i: number, others: ArrayLike<number>): Program {
  const { data, d, exponent: unit } = keys
  const { key, e } = integersOf(keys)
  const rank = d + 1
  const count = others.length + 1
  const one = 1n << BigInt(unit - e)
  const rounded = new Float64Array(count * rank)
  const exponents = new Int32Array(count)
  for (let s = 0; s < count; s++) {
    const column = rounded.subarray(s * rank, (s + 1) * rank)
    for (let c = 0; c < d; c++) column[c] = s === 0 ? -data[i * d + c] : ldexp(data[others[s - 1] * d + c], -unit)
    if (s > 0) column[d] = 1
    exponents[s] = balance(column) + (s === 0 ? 0 : unit) - e
  }
  const column = (s: number): bigint[] => (s === 0 ? [...key(i).map((x) => -x), 0n] : [...key(others[s - 1]), one])
  return { count, rank, column, right: [...new Array<bigint>(d).fill(0n), one], rounded, exponents }
}

/** The convex weights on the `others` that give key i; the first other's is the first unknown. */
export function programOfHull(keys: KeySet, i: number, others: ArrayLike<number>): Program {
  const { data, d, exponent: unit } = keys
  const { key, e } = integersOf(keys)
  const own = key(i)
  const rank = d + 1
  const count = others.length
  const one = 1n << BigInt(unit - e)
  const rounded = new Float64Array(count * rank)
  const exponents = new Int32Array(count)
  for (let s = 0; s < count; s++) {
    const column = rounded.subarray(s * rank, (s + 1) * rank)
    for (let c = 0; c < d; c++) column[c] = ldexp(data[others[s] * d + c], -unit) - ldexp(data[i * d + c], -unit)
    column[d] = 1
    exponents[s] = balance(column) + unit - e
  }
  const column = (s: number): bigint[] => [...key(others[s]).map((x, c) => x - own[c]), one]
  return { count, rank, column, right: [...new Array<bigint>(d).fill(0n), one], rounded, exponents }
}
