/**
 * Attention and its weights, streamed through the module: queries in blocks, keys and values in chunks that are packed
 * once when one holds them all. No m×n matrix exists; `assembly/attention.ts` is the inner part.
 *
 * float32 runs in float32, u = 2^-24: a score errs by γ_(d+2)·|scale|·Σ|q||k|, its exponential by 2 ulp more, and sums of
 * n weights and of n values by γ_n each, as `test/reference/dense.ts` adds them up. float64 errs as the reference does,
 * with its exponential right to 2 ulp.
 *
 * To the reference go calls whose inputs hold NaN or infinities (but for −∞ in a mask), or are so large that scores, or
 * sums of values, might leave the range of the type.
 */
import { attention as reference, attentionWeights as referenceWeights } from '../attention.ts'
import { checkAttention, checkWeights } from '../attention.ts'
import type { Mask } from '../scores.ts'
import type { Floats } from '../sizes.ts'
import { lanesFor } from './choice.ts'
import type { Engine, Lanes } from './module.ts'
import { exponentOf, exponentOfNumber, staysFinite } from './range.ts'

/** Numbers in a chunk of keys and values: 8 MiB in float32. */
const chunkSize = 2 ** 21
const queryBlock = 512
/** Numbers of a mask that are held at a time. */
const maskSize = 2 ** 20
/** Numbers of a block of weights. */
const weightSize = 2 ** 18
/** Chunks are no smaller, however long keys are. */
const leastKeys = 256
/** A mask may hold any finite number: scores under these powers of two are less than half an ulp of the largest. */
const maskedLimit32 = 100
const maskedLimit64 = 960
/** Scores this much larger than products would magnify what underflows. */
const largestScale = 64

/** `attention` of `src/kernels/attention.ts`. */
export function attention<T extends Floats>(
  engine: Engine,
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
  checkAttention(q, k, v, m, n, d, dv, scale, causal, mask, maskStride, out)
  const masking = { scale, causal, mask, maskStride }
  const done = n > 0 && attend(lanesOf(engine, mask, q, k, v, out), q, k, v, m, n, d, dv, masking, out)
  return done ? out : reference(q, k, v, m, n, d, dv, scale, causal, mask, maskStride, out)
}

interface Masking {
  readonly scale: number
  readonly causal: boolean
  readonly mask: Mask | null
  readonly maskStride: number
}

/** False, and `out` in part overwritten, where the reference has to take the call. */
function attend(
  lanes: Lanes,
  q: Floats,
  k: Floats,
  v: Floats,
  m: number,
  n: number,
  d: number,
  dv: number,
  masking: Masking,
  out: Floats,
): boolean {
  const { width, height } = lanes
  const { scale, causal, mask, maskStride } = masking
  const columns = Math.ceil(dv / height) * height
  const keys = Math.min(n, Math.max(leastKeys, Math.floor(chunkSize / Math.max(d + columns, 1))))
  const held = maskStride === 0 ? queryBlock : Math.max(width, Math.floor(maskSize / keys / width) * width)
  const rows = Math.min(m, mask === null ? queryBlock : Math.min(queryBlock, held))
  const panels = Math.ceil(rows / width)
  const maskRows = maskStride === 0 ? 1 : rows
  const [rawQ, packedQ, raw, packedK, packedV, scores, state, atMask, result] = lanes.layout(
    rows * d,
    panels * width * d,
    keys * Math.max(d, dv),
    (keys + height) * d,
    keys * columns,
    lanes.scoresSize(),
    panels * lanes.stateSize(columns),
    mask === null ? 0 : maskRows * keys,
    rows * dv,
  )
  let [ofK, ofV] = [0, 0]
  for (let i0 = 0; i0 < m; i0 += rows) {
    const count = Math.min(rows, m - i0)
    lanes.write(rawQ, q, i0 * d, count * d)
    const ofQ = exponentOf(lanes, rawQ, count * d)
    lanes.packRows(packedQ, rawQ, count, d, d, width)
    lanes.clearState(state, Math.ceil(count / width), columns)
    for (let j0 = 0; j0 < n; j0 += keys) {
      const size = Math.min(keys, n - j0)
      if (i0 === 0 || keys < n) {
        lanes.write(raw, k, j0 * d, size * d)
        ofK = exponentOf(lanes, raw, size * d)
        lanes.packRows(packedK, raw, size, d, d, height)
        lanes.write(raw, v, j0 * dv, size * dv)
        ofV = exponentOf(lanes, raw, size * dv)
        lanes.packColumns(packedV, raw, size, dv, dv, height)
      }
      if (!(scoresStayFinite(lanes, ofQ + ofK, d, masking) && staysFinite(lanes, ofV, n, 1))) return false
      if (mask !== null && !(maskStride === 0 && i0 > 0 && keys === n)) {
        const from = maskStride === 0 ? j0 : i0 * n + j0
        if (!writeMask(lanes, atMask, mask, from, maskStride === 0 ? 1 : count, size, n)) return false
      }
      const seen = causal ? Math.max(i0 + n - m + 1 - j0, -count) : size
      lanes.attend(
        packedQ,
        packedK,
        packedV,
        count,
        size,
        d,
        columns,
        scale,
        seen,
        causal ? 1 : 0,
        mask === null ? 0 : atMask,
        maskStride === 0 ? 0 : size,
        mask?.BYTES_PER_ELEMENT === 1,
        scores,
        state,
      )
    }
    lanes.finish(state, count, columns, dv, result)
    lanes.read(result, count * dv, out, i0 * dv)
  }
  return true
}

/** `attentionWeights` of `src/kernels/attention.ts`. */
export function attentionWeights<T extends Floats>(
  engine: Engine,
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
  checkWeights(q, k, m, n, d, scale, causal, mask, maskStride, out)
  const masking = { scale, causal, mask, maskStride }
  const done = weigh(lanesOf(engine, mask, q, k, out), q, k, m, n, d, masking, out)
  return done ? out : referenceWeights(q, k, m, n, d, scale, causal, mask, maskStride, out)
}

/** False, and `out` in part overwritten, where the reference has to take the call. */
function weigh(
  lanes: Lanes,
  q: Floats,
  k: Floats,
  m: number,
  n: number,
  d: number,
  masking: Masking,
  out: Floats,
): boolean {
  const { width, height, bytes } = lanes
  const { scale, causal, mask, maskStride } = masking
  const keys = Math.min(n, Math.max(leastKeys, Math.floor(chunkSize / Math.max(d, 1) / width) * width))
  const rows = Math.min(m, Math.max(height, Math.floor(weightSize / Math.max(n, 1) / height) * height))
  const stride = Math.ceil(n / width) * width
  const maskRows = maskStride === 0 ? 1 : rows
  const [rawQ, packedQ, raw, packedK, weights, atMask] = lanes.layout(
    rows * d,
    (rows + height) * d,
    keys * d,
    (keys + width) * d,
    (rows + height) * stride,
    mask === null ? 0 : maskRows * n,
  )
  let ofK = 0
  for (let i0 = 0; i0 < m; i0 += rows) {
    const count = Math.min(rows, m - i0)
    lanes.write(rawQ, q, i0 * d, count * d)
    const ofQ = exponentOf(lanes, rawQ, count * d)
    lanes.packRows(packedQ, rawQ, count, d, d, height)
    for (let j0 = 0; j0 < n; j0 += keys) {
      const size = Math.min(keys, n - j0)
      if (i0 === 0 || keys < n) {
        lanes.write(raw, k, j0 * d, size * d)
        ofK = exponentOf(lanes, raw, size * d)
        lanes.packRows(packedK, raw, size, d, d, width)
      }
      if (!scoresStayFinite(lanes, ofQ + ofK, d, masking)) return false
      lanes.product(packedQ, packedK, count, size, d, weights + j0 * bytes, stride * bytes, 0)
    }
    lanes.gather(weights, count, n, stride * bytes, scale, weights)
    if (mask !== null) {
      const from = maskStride === 0 ? 0 : i0 * n
      if (!writeMask(lanes, atMask, mask, from, maskStride === 0 ? 1 : count, n, n)) return false
      lanes.maskRows(weights, count, n, atMask, maskStride, mask.BYTES_PER_ELEMENT === 1)
    }
    if (causal) lanes.limitRows(weights, count, n, i0 + n - m + 1)
    lanes.softmax(weights, count, n)
    lanes.read(weights, count * n, out, i0 * n)
  }
  return true
}

function scoresStayFinite(lanes: Lanes, e: number, d: number, { scale, mask }: Masking): boolean {
  if (!(exponentOfNumber(scale) <= largestScale)) return false
  if (mask === null || isBytes(mask)) return staysFinite(lanes, e, d, scale)
  return staysFinite(lanes, e, d, scale, lanes.bytes === 4 ? maskedLimit32 : maskedLimit64)
}

/** Copies rows of `size` entries of a mask, `stride` apart in it; false where it holds NaN or +∞. */
function writeMask(
  lanes: Lanes,
  to: number,
  mask: Mask,
  from: number,
  rows: number,
  size: number,
  stride: number,
): boolean {
  const [runs, length] = size === stride ? [1, rows * size] : [rows, size]
  for (let i = 0; i < runs; i++) {
    if (isBytes(mask)) lanes.writeBytes(to + i * length, mask, from + i * stride, length)
    else lanes.write(to + i * length * lanes.bytes, mask, from + i * stride, length)
  }
  return isBytes(mask) || lanes.exceeds(to, rows * size) === 0
}

function isBytes(mask: Mask): mask is Uint8Array {
  return mask.BYTES_PER_ELEMENT === 1
}

/** A mask of numbers counts towards the type, one of 0 and 1 does not. */
function lanesOf(engine: Engine, mask: Mask | null, ...arrays: readonly Floats[]): Lanes {
  return mask === null || isBytes(mask) ? lanesFor(engine, ...arrays) : lanesFor(engine, mask, ...arrays)
}
