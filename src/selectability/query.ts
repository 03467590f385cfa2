/** Queries brought to a common size: a positive factor changes nothing that a query proves. */
import { exponentOf, powersOf } from './keyset.ts'

/** Scales a query to a largest entry between 1 and 2 by a power of two, so that what was proven of it stays proven. */
export function normalise(q: Float64Array): Float64Array {
  const [a, b, c] = powersOf(-exponentOf(q))
  const scaled = q.slice()
  for (let at = 0; at < scaled.length; at++) scaled[at] = scaled[at] * a * b * c
  return scaled
}

/** `q/‖q‖`, rounded; where q is 0 it stays 0. */
export function unit(q: Float64Array): Float64Array {
  const norm = Math.hypot(...q)
  return norm > 0 ? q.map((x) => x / norm) : q
}
