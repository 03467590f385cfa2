/** Which type of number a call computes in: float32 where all its arrays are, else float64. */
import type { Floats } from '../sizes.ts'
import type { Engine, Lanes } from './module.ts'

export function lanesFor({ float32, float64 }: Engine, ...arrays: readonly Floats[]): Lanes {
  return arrays.every((x) => x.BYTES_PER_ELEMENT === 4) ? float32 : float64
}
