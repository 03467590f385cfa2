/**
 * Keys compared by their products in float64: a key is beaten where a product with another is not below its ceiling.
 *
 * Only a longer key, or one as long, can beat another (Cauchy–Schwarz). So keys lie in descending order of norm and are compared with those
 * before them; where one is beaten, those before it that are hardly longer are compared with it.
 */
import { blockKeys } from '../kernels/simd/screener.ts'

/** n×d keys in descending order of norm. */
export interface GramKeys {
  readonly z: Float64Array
  readonly n: number
  readonly d: number
  readonly norms: Float64Array
  /** What products of a key must stay below, so that the key itself selects it; −Infinity where it cannot. */
  readonly ceilings: Float64Array
}

/** Keys that are not settled, each with a key that beats it, as far as is known from some of the comparisons. */
export interface Beaten {
  readonly keys: Int32Array
  readonly rivals: Int32Array
}

/** Products of key j with keys `[from, to)`, in float64; good until the next call. */
export type Products = (j: number, from: number, to: number) => Float64Array

/** What some comparisons have found; everything here is in float64. */
export interface Round {
  /** The rival of a key, or −1. */
  readonly rival: Int32Array
  /** Notes that key j is beaten. */
  beat(j: number, by: number): void
  /** Compares key j with key i, before it; whether it is beaten. */
  compareOne(j: number, i: number): boolean
  /** Compares key j with keys `[from, to)`, all before it and at most `blockKeys`. */
  compare(j: number, from: number, to: number): void
  compareAll(from: number, to: number): void
  beaten(): Beaten
}

export function createRound({ z, n, d, norms, ceilings }: GramKeys, productsOf: Products): Round {
  const rival = new Int32Array(n).fill(-1)
  const order: number[] = []
  /** Beaten keys that were not compared with those before them which are no longer than it takes. */
  const pending: number[] = []
  const mark = (j: number, by: number): void => {
    if (rival[j] >= 0) return
    rival[j] = by
    order.push(j)
    pending.push(j)
  }
  const beat = (j: number, by: number): void => {
    mark(j, by)
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      // A ceiling over the norm ascends with the norm, so the first key that is clear of it ends the search.
      for (let i = next - 1; i >= 0 && !(norms[i] * norms[next] < ceilings[i]); i--)
        if (rival[i] < 0 && !(dot(z, d, i, next) < ceilings[i])) mark(i, next)
    }
  }
  const compare = (j: number, from: number, to: number): void => {
    let most = -Infinity
    let by = -1
    const products = productsOf(j, from, to)
    for (let i = from; i < to; i++) {
      const product = products[i - from]
      if (product > most) {
        most = product
        by = i
      }
      if (!(product < ceilings[i])) beat(i, j)
    }
    if (by >= 0 && !(most < ceilings[j])) beat(j, by)
  }
  return {
    rival,
    beat,
    compareOne: (j, i) => {
      const isBeaten = !(dot(z, d, i, j) < ceilings[j])
      if (isBeaten) beat(j, i)
      return isBeaten
    },
    compare,
    compareAll: (from, to) => {
      for (let j = from; j < to; j++) {
        for (let i = 0; i < j && rival[j] < 0; i += blockKeys) compare(j, i, Math.min(j, i + blockKeys))
      }
    },
    beaten: () => ({ keys: Int32Array.from(order), rivals: Int32Array.from(order, (j) => rival[j]) }),
  }
}

/** Products with at most `blockKeys` keys, without the module. */
export function plainProducts({ z, d }: GramKeys): Products {
  const products = new Float64Array(blockKeys)
  return (j, from, to) => {
    for (let i = from; i < to; i++) products[i - from] = dot(z, d, i, j)
    return products
  }
}

function dot(z: Float64Array, d: number, i: number, j: number): number {
  let first = 0
  let second = 0
  let a = i * d
  let b = j * d
  for (const end = a + d - 1; a < end; a += 2, b += 2) {
    first += z[a] * z[b]
    second += z[a + 1] * z[b + 1]
  }
  return (d & 1) === 1 ? first + second + z[a] * z[b] : first + second
}
