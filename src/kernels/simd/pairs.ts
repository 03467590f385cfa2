/** Keys compared by their products in float64 in the module, where they lie in rows and in strips. */
import { borrow, giveBack } from './module.ts'

/** Keys of a strip. */
const stripKeys = 4

export interface Pairs {
  /** Compares keys `[from, to)` with those before them: for each of all keys one that beats it, or −1; good until the next call. */
  compare(from: number, to: number): Int32Array
  /** Gives its instance of the module back; it must not be used any more. */
  close(): void
}

/**
 * @param z n×d numbers, keys in descending order of norm
 * @param ceilings what the products of each key must stay below
 * @throws RangeError when memory cannot be had; whatever `borrow` throws
 */
export function createPairs(z: Float64Array, n: number, d: number, norms: Float64Array, ceilings: Float64Array): Pairs {
  const engine = borrow()
  const { float64, screening } = engine
  const places = Math.ceil(n / stripKeys) * stripKeys
  const [rows, strips, atNorms, atCeilings, atRivals] = float64.layout(n * d, places * d, places, places, places / 2)
  float64.write(rows, z, 0, n * d)
  float64.packRows(strips, rows, n, d, d, stripKeys)
  float64.write(atNorms, norms, 0, n)
  float64.write(atCeilings, ceilings, 0, n)
  const rivals = new Int32Array(float64.view(rows, 0).buffer, atRivals, n)
  return {
    compare: (from, to) => {
      rivals.fill(-1)
      screening.comparePairs(rows, strips, d, atNorms, atCeilings, from, to, atRivals)
      return rivals
    },
    close: () => giveBack(engine),
  }
}
