/**
 * Masks as users have them: boolean (may this query attend to that key?) or floating (added to the scores).
 *
 * Booleans never reach the door: they become bytes of 0 and 1 here.
 */
import { describe } from './arguments.ts'
import type { Mask } from './kernels/scores.ts'
import { readDense } from './matrix.ts'
import type { Dense, MatrixLike, Strided } from './matrix.ts'
import { floatsOf } from './stack.ts'
import type { Stack } from './stack.ts'

/** A matrix of anything, as rows. */
export type Rows<T> = readonly (readonly T[])[]

/** Booleans in rows, bytes of 0 and 1 in any matrix form, or floats to add; [m, n] or a stack that broadcasts to Q's. */
export type MaskLike =
  | MatrixLike
  | Rows<boolean>
  | readonly Rows<boolean>[]
  | readonly (readonly Rows<boolean>[])[]
  | {
      /** true where a query may attend. */
      readonly data: readonly boolean[]
      /** The size of each axis. */
      readonly shape: readonly number[]
    }

/** A mask for each query matrix of a stack. */
export interface HeadMasks extends Dense {
  /** Entries from one row to the next: n, or 0 when one row serves every query. */
  readonly stride: number
  /** The mask of query matrix `head`, counted through the stack. */
  of(head: number): Mask
}

/**
 * Reads a mask for the queries `q` and n keys. Axes align from the last; leading axes and that of the queries may be 1 or
 * missing, and then serve every head or query.
 */
export function readMask(mask: MaskLike, q: Stack, n: number): HeadMasks {
  const bytes = booleansToBytes(mask)
  const dense = readDense('mask', bytes ?? (mask as MatrixLike), [2, 3, 4])
  const numbers = bytes !== null || dense.float === null ? readBytes(dense) : floatsOf(dense)
  const { shape } = dense
  const wanted = [...q.lead, q.rows, n]
  const missing = wanted.length - shape.length
  const fits = (size: number, axis: number): boolean => {
    const full = wanted[axis + missing]
    return size === full || (size === 1 && axis < shape.length - 1)
  }
  if (!(missing >= 0 && shape.every(fits))) {
    throw new RangeError(
      `mask: expected shape [${wanted.join(', ')}] or one that repeats to it, got [${shape.join(', ')}]`,
    )
  }
  const rows = shape[shape.length - 2]
  return {
    data: dense.data,
    shape,
    float: bytes === null ? dense.float : null,
    stride: rows === q.rows ? n : 0,
    of(head) {
      let rest = head
      let at = 0
      let step = rows * n
      for (let axis = q.lead.length - 1; axis >= 0; axis--) {
        const size = axis >= missing ? shape[axis - missing] : 1
        at += (size === 1 ? 0 : rest % q.lead[axis]) * step
        rest = Math.floor(rest / q.lead[axis])
        step *= size
      }
      return numbers.subarray(at, at + rows * n)
    },
  }
}

/** The same matrix with 0 and 1 for false and true, or null when `x` holds no booleans and no rows of bytes. */
function booleansToBytes(x: unknown): MatrixLike | null {
  if (Array.isArray(x)) {
    let first: unknown = x
    while (Array.isArray(first)) first = first[0]
    const isBytes = Object.prototype.toString.call(first) === '[object Uint8Array]'
    return typeof first === 'boolean' ? (toNumbers(x) as number[][]) : isBytes ? (x as Uint8Array[]) : null
  }
  if (typeof x !== 'object' || x === null) return null
  const { data, shape, dims, stride, offset } = x as Readonly<Record<string, unknown>>
  if (!Array.isArray(data) || typeof data[0] !== 'boolean') return null
  return { data: toNumbers(data), shape: shape ?? dims, stride, offset } as Strided
}

function toNumbers(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(toNumbers)
  if (typeof x !== 'boolean') throw new TypeError(`mask: expected booleans only, got ${describe(x)}`)
  return x ? 1 : 0
}

function readBytes({ data }: Dense): Uint8Array {
  for (let at = 0; at < data.length; at++) {
    if (data[at] !== 0 && data[at] !== 1) {
      throw new RangeError(`mask: expected 0 and 1 where it is not floating, got ${data[at]} at entry ${at}`)
    }
  }
  return Uint8Array.from(data)
}
