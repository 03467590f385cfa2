/** The attainable weights of a whole set: here, or by workers. */
import type { Question } from './attainable/index.ts'
import { fillAsync, fillHere } from './blocks.ts'
import type { Blocks } from './blocks.ts'
import type { KeySet } from './keyset.ts'
import type { AttainableAsyncOptions } from './types.ts'
import { openWeigh } from './workers/weigh.ts'
import type { WeighSetup } from './workers/weigh.ts'

/** Keys take some ten milliseconds each at n = 1024, d = 64. */
const weights: Blocks<WeighSetup> = { task: 'weigh', phase: 'weigh', open: openWeigh, size: 8 }

/** All weights, on the calling thread. */
export function weighKeys(keys: KeySet, asked: Question): Float64Array {
  return fillHere(weights, { keys, asked }, keys.n)
}

/** All weights, off the calling thread where the environment allows. */
export async function weighKeysAsync(setup: WeighSetup, options: AttainableAsyncOptions): Promise<Float64Array> {
  return fillAsync(weights, setup, setup.keys.n, options)
}
