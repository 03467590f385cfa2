/**
 * Softmax of rows, streamed through the module in blocks.
 *
 * In float32 an exponential is right to 2 ulp, the sum of n of them to γ_(n/4 + 3) and a quotient to u = 2^-24.
 */
import { checkSoftmax, softmax as reference } from '../softmax.ts'
import type { Floats } from '../sizes.ts'
import { lanesFor } from './choice.ts'
import { sliceOf } from './module.ts'
import type { Engine } from './module.ts'

/** Numbers in a block of rows: half a second-level cache in float64. */
const blockSize = 2 ** 16

/** `softmax` of `src/kernels/softmax.ts`. Blocks that hold NaN or +∞ go to the reference. */
export function softmax<T extends Floats>(engine: Engine, s: Floats, rows: number, n: number, out: T): T {
  checkSoftmax(s, rows, n, out)
  const lanes = lanesFor(engine, s, out)
  const block = Math.min(rows, Math.max(1, Math.floor(blockSize / Math.max(n, 1))))
  const [at] = lanes.layout(block * n)
  for (let i0 = 0; i0 < rows; i0 += block) {
    const count = Math.min(block, rows - i0)
    const [from, size] = [i0 * n, count * n]
    lanes.write(at, s, from, size)
    if (lanes.exceeds(at, size) !== 0) {
      reference(sliceOf(s, from, size), count, n, sliceOf(out, from, size))
    } else {
      lanes.softmax(at, count, n)
      lanes.read(at, size, out, from)
    }
  }
  return out
}
