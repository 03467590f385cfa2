/**
 * The first pass over a whole set: query `q = z_i`, the centred key itself, selects every key i with `‖z_i‖² > max_j z_i·z_j`. In high
 * dimension, or on a sphere, this pass alone decides nearly every key.
 *
 * Keys lie in descending order of norm. A key can only be beaten by one as long (Cauchy–Schwarz), so each is compared with those
 * before it, and two keys of one length, where the later is beaten, the other way as well. Once a key is beaten it is not compared further, so the
 * pass costs n²·d/2 multiply-adds where all keys are settled and a small part of that where few are.
 */
import { usesModule } from '../kernels/backend.ts'
import { blockKeys, createScreener } from '../kernels/simd/screener.ts'
import { createPairs } from '../kernels/simd/pairs.ts'
import { createRound, plainProducts } from './comparisons.ts'
import type { Beaten, GramKeys, Round } from './comparisons.ts'
import { compareScreened } from './screened.ts'

export interface Gram {
  /** Compares keys `[from, to)` with all before them; `from` is a multiple of `blockKeys`. */
  compare(from: number, to: number): Beaten
  /** Lets go of its copy of the keys; no comparison may follow. */
  close(): void
}

/** Keys that are compared at a time: in d = 768 numbers of 16 bits they fill a megabyte, which second-level caches hold. */
export const chunkKeys: number = 8 * blockKeys

/**
 * Keys of at most so many numbers are compared in float64 alone: 1,024 keys of 8 numbers in a quarter of the time that integers take with the
 * products that they leave in doubt, and of 32 in four times as much where all keys are settled.
 */
const fewNumbers = 16

/** Complexity: n²·d/2 multiply-adds for all keys together; O(n) memory beside a copy of the keys, in 16-bit numbers but for short rows. */
export function createGram(keys: GramKeys): Gram {
  if (!usesModule()) return inFloats(keys)
  return keys.d <= fewNumbers ? inPairs(keys) : inIntegers(keys)
}

function inFloats(keys: GramKeys): Gram {
  const products = plainProducts(keys)
  const compare = (from: number, to: number): Beaten => {
    const round = createRound(keys, products)
    beatAtOnce(keys, round, from, to)
    round.compareAll(from, to)
    return round.beaten()
  }
  return { compare, close: () => undefined }
}

function inPairs({ z, n, d, norms, ceilings }: GramKeys): Gram {
  const pairs = createPairs(z, n, d, norms, ceilings)
  const compare = (from: number, to: number): Beaten => {
    const rivals = pairs.compare(from, to)
    const keys = new Int32Array(n)
    let count = 0
    for (let j = 0; j < n; j++) if (rivals[j] >= 0) keys[count++] = j
    const beaten = keys.slice(0, count)
    return { keys: beaten, rivals: beaten.map((j) => rivals[j]) }
  }
  return { compare, close: pairs.close }
}

function inIntegers(keys: GramKeys): Gram {
  const { z, n, d, norms } = keys
  const screener = createScreener(z, n, d, norms, chunkKeys)
  const compare = (from: number, to: number): Beaten => {
    const round = createRound(keys, screener.products)
    beatAtOnce(keys, round, from, to)
    for (let top = from; top < to; top += chunkKeys) {
      compareScreened(keys, screener, round, top, Math.min(to, top + chunkKeys))
    }
    return round.beaten()
  }
  return { compare, close: screener.close }
}

/** Keys too short to be settled here count as beaten. */
function beatAtOnce({ ceilings }: GramKeys, { beat }: Round, from: number, to: number): void {
  for (let j = from; j < to; j++) if (ceilings[j] === -Infinity) beat(j, j === 0 ? 1 : 0)
}
