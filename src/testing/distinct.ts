/** Which keys of a set stay distinct after normalising: the hypothesis under which every key is selectable. */
import { largest, rowsOf, sphereSlack, sqDist } from './rounding.ts'
import type { Rows } from './types.ts'

export type Normalise = (keys: Rows) => { readonly data: ArrayLike<number>; readonly shape: number[] }

/**
 * The keys that normalise to a point of the sphere, without those that normalise to the point of an earlier key.
 *
 * Distinct by more than rounding: half the squared distance is beyond 64 times the slack of the sphere, which leaves room for
 * the roundings of a gain and a bias, too. O(n²·d).
 */
export function distinct(keys: Rows, normalise: Normalise): number[][] {
  const points = rowsOf(normalise(keys))
  const kept: number[] = []
  points.forEach((x, i) => {
    // A constant key has nothing left after the projection, and 0 stays 0 under any scaling.
    if (largest(x) === 0) return
    const room = 64 * sphereSlack(x.length)
    if (kept.every((j) => sqDist(x, points[j]) / 2 > room)) kept.push(i)
  })
  return kept.map((i) => [...keys[i]])
}
