/**
 * LayerNorm and its halves, streamed through the module in blocks of rows; a block that a kernel declines goes to the
 * reference. `assembly/layernorm32.ts` and `assembly/layernorm64.ts` say when that is, and derive the bounds.
 *
 * A block is read before it is written, and `out` may be `x` itself.
 */
import { checkNormalising, checkRows, layerNorm as reference, project as referenceProject } from '../layernorm.ts'
import { rmsNorm as referenceRmsNorm } from '../layernorm.ts'
import type { Floats } from '../sizes.ts'
import { lanesFor } from './choice.ts'
import { sliceOf } from './module.ts'
import type { Engine, Lanes } from './module.ts'

/** Numbers in a block of rows: 128 KiB in float32, well inside a second-level cache, and copied in one go. */
const blockSize = 2 ** 15

/** Gains and biases between these sizes cost one rounding as float32, and their products stay finite. */
const least = 2 ** -100
const largest = 2 ** 100

/** `project` of `src/kernels/layernorm.ts`. */
export function project<T extends Floats>(engine: Engine, x: Floats, rows: number, d: number, out: T): T {
  checkRows(x, rows, d, out)
  const lanes = lanesFor(engine, x, out)
  const block = blockOf(rows, d)
  const [at] = lanes.layout(block * d)
  return byBlocks(lanes, at, block, x, rows, d, out, (count) => lanes.project(at, count, d), referenceProject)
}

/** `scale` of `src/kernels/layernorm.ts`. */
export function scale<T extends Floats>(engine: Engine, x: Floats, rows: number, d: number, eps: number, out: T): T {
  return normalise(engine, x, rows, d, false, eps, null, null, out)
}

/** `layerNorm` of `src/kernels/layernorm.ts`. */
export function layerNorm<T extends Floats>(
  engine: Engine,
  x: Floats,
  rows: number,
  d: number,
  eps: number,
  gain: Floats | null,
  bias: Floats | null,
  out: T,
): T {
  return normalise(engine, x, rows, d, true, eps, gain, bias, out)
}

/** `rmsNorm` of `src/kernels/layernorm.ts`. */
export function rmsNorm<T extends Floats>(
  engine: Engine,
  x: Floats,
  rows: number,
  d: number,
  eps: number,
  gain: Floats | null,
  out: T,
): T {
  return normalise(engine, x, rows, d, false, eps, gain, null, out)
}

/** Gain and bias take part in float32 whatever holds them: the public functions read them as float64. */
function normalise<T extends Floats>(
  engine: Engine,
  x: Floats,
  rows: number,
  d: number,
  centred: boolean,
  eps: number,
  gain: Floats | null,
  bias: Floats | null,
  out: T,
): T {
  checkRows(x, rows, d, out)
  checkNormalising(d, eps, gain, bias)
  const chosen = lanesFor(engine, x, out)
  const lanes = chosen.bytes === 8 || (fits(gain, d) && fits(bias, d)) ? chosen : engine.float64
  const block = blockOf(rows, d)
  const [at, atGain, atBias] = lanes.layout(block * d, d, d)
  if (gain !== null) lanes.write(atGain, gain, 0, d)
  else if (bias !== null) lanes.view(atGain, d).fill(1)
  if (bias !== null) lanes.write(atBias, bias, 0, d)
  const addresses = [gain !== null || bias !== null ? atGain : 0, bias !== null ? atBias : 0] as const
  return byBlocks(
    lanes,
    at,
    block,
    x,
    rows,
    d,
    out,
    (count) => lanes.normalise(at, count, d, centred, eps, ...addresses),
    (from, count, _, to) =>
      centred ? reference(from, count, d, eps, gain, bias, to) : referenceRmsNorm(from, count, d, eps, gain, to),
  )
}

function byBlocks<T extends Floats>(
  lanes: Lanes,
  at: number,
  block: number,
  x: Floats,
  rows: number,
  d: number,
  out: T,
  kernel: (count: number) => number,
  fallback: (x: Floats, rows: number, d: number, out: Floats) => Floats,
): T {
  for (let i0 = 0; i0 < rows; i0 += block) {
    const count = Math.min(block, rows - i0)
    const [from, size] = [i0 * d, count * d]
    lanes.write(at, x, from, size)
    if (kernel(count) !== 0) lanes.read(at, size, out, from)
    else fallback(sliceOf(x, from, size), count, d, sliceOf(out, from, size))
  }
  return out
}

function blockOf(rows: number, d: number): number {
  return Math.min(rows, Math.max(1, Math.floor(blockSize / Math.max(d, 1))))
}

function fits(x: Floats | null, d: number): boolean {
  if (x === null) return true
  for (let c = 0; c < d; c++) {
    const size = Math.abs(x[c])
    if (!(size === 0 || (size >= least && size <= largest))) return false
  }
  return true
}
