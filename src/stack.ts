/** Stacks of matrices as the kernels take them: floats, row-major, with the last two axes told apart from the rest. */
import type { Floats } from './kernels/sizes.ts'
import { readDense } from './matrix.ts'
import type { Dense, MatrixLike } from './matrix.ts'

/** `count` matrices of rows×d numbers, one after another; `lead` is the shape before the last two axes. */
export interface Stack extends Dense {
  readonly data: Floats
  readonly lead: readonly number[]
  readonly count: number
  readonly rows: number
  readonly d: number
}

/** Reads a matrix or a stack of them; a single row where `ranks` has 1. Integers become float64. */
export function readStack(name: string, x: MatrixLike, ranks: readonly number[]): Stack {
  const dense = readDense(name, x, ranks)
  const { shape, float } = dense
  const lead = shape.slice(0, -2)
  return {
    data: floatsOf(dense),
    shape,
    float,
    lead,
    count: lead.reduce((product, size) => product * size, 1),
    rows: shape.length === 1 ? 1 : shape[shape.length - 2],
    d: shape[shape.length - 1],
  }
}

/** How many rows there are to go through: none where they are empty, of which there may be any number. */
export function rowsOf({ count, rows, d }: Stack): number {
  return d === 0 ? 0 : count * rows
}

/** The numbers themselves where they are floats, else a float64 copy. */
export function floatsOf({ data, float }: Dense): Floats {
  return float === null ? Float64Array.from(data) : (data as Floats)
}
