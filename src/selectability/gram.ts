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
import { createRound } from './comparisons.ts'
import type { Beaten, GramKeys } from './comparisons.ts'
import { compareScreened } from './screened.ts'

export interface Gram {
  /** Compares keys `[from, to)` with all before them; `from` is a multiple of `blockKeys`. */
  compare(from: number, to: number): Beaten
  /** Lets go of its copy of the keys; no comparison may follow. */
  close(): void
}

/** Keys that are compared at a time: in d = 768 numbers of 16 bits they fill a megabyte, which second-level caches hold. */
export const chunkKeys: number = 8 * blockKeys

/** Below this many multiply-adds bringing the keys to the module costs more than it saves. */
const leastWork = 2 ** 14

/** Complexity: n²·d/2 multiply-adds for all keys together; O(n) memory beside a copy of the keys in 16-bit numbers. */
export function createGram(keys: GramKeys): Gram {
  const { z, n, d, norms } = keys
  const screener = usesModule(n * n * d, leastWork) ? createScreener(z, n, d, norms, chunkKeys) : null
  const compare = (from: number, to: number): Beaten => {
    const round = createRound(keys)
    for (let j = from; j < to; j++) if (keys.ceilings[j] === -Infinity) round.beat(j, j === 0 ? 1 : 0)
    for (let top = from; top < to; top += chunkKeys) {
      const bottom = Math.min(to, top + chunkKeys)
      if (screener === null) round.compareAll(top, bottom)
      else compareScreened(keys, screener, round, top, bottom)
    }
    return round.beaten()
  }
  return { compare, close: () => screener?.close() }
}
