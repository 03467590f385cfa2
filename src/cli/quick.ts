/**
 * Which checks are over before workers have started.
 *
 * To start them takes some 60 ms, to which every one adds what the engine compiles anew. A set of 256 keys has four blocks of work to share;
 * where comparing all pairs takes no more than 2^21 multiplications, the whole check takes 20 to 50 ms on one thread. A bias, or a tolerance
 * of the user's own, exact among them, may take longer a key: then for 64 keys at most, which are one block, and so one worker's.
 */
import type { Question } from './options.ts'

const fewKeys = 256
const oneBlock = 64
const fewProducts = 2 ** 21

/** Whether the thread at hand has answered before others could. */
export function isQuick({ n, d, options }: Question): boolean {
  const usual = options.tolerance === undefined && options.bias === undefined
  return n <= (usual ? fewKeys : oneBlock) && n * n * d <= fewProducts
}
