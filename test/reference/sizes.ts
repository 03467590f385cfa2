/** Sizes that meet every tail of every vector and block: 0 to 70 in each place, with a few others in the rest. */
import { numbers } from './dense.ts'

const others = [0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33, 65]

/** `places` numbers each: every size from 0 to 70 in every place, `each` times, the rest drawn from a few sizes. */
export function everySize(places: number, each: number): number[][] {
  const sizes: number[][] = []
  const draws = numbers(places * 1000 + each, places * 71 * each * places)
  let at = 0
  for (let place = 0; place < places; place++) {
    for (let size = 0; size <= 70; size++) {
      for (let time = 0; time < each; time++) {
        const row = Array.from({ length: places }, () => others[Math.floor(((draws[at++] + 1) / 2) * others.length)])
        row[place] = size
        sizes.push(row)
      }
    }
  }
  return sizes
}

/** Values near 1, denormals and signed zeros, for arrays that are float32 or float64. */
export type Floats = Float32Array | Float64Array

/** Numbers at an odd offset in their buffer, so that no vector is aligned. */
export function unaligned(x: ArrayLike<number>, Type: Float32ArrayConstructor | Float64ArrayConstructor): Floats {
  const view = new Type(x.length + 1).subarray(1)
  view.set(x)
  return view
}
