/**
 * Whether the key of a full corral, d + 1 points around it, is proven to lie inside their simplex, and deeper than a distance: then no query of
 * length 1 brings it within that distance of the maximum. docs/exactness.md derives the bound, "The depth in a corral".
 */
import {
  column,
  d,
  factor,
  inverse,
  nearest,
  pitch,
  points,
  reciprocals,
  rotations,
  sigma,
  size,
  slots,
  stride,
  target,
  weights,
} from './corral'
import { combine, dotPair, dots } from './dots'
import { invertTriangle, solveBackward, solveForward } from './triangle'

const bytes: usize = 8
const u: f64 = 1.0 / 9007199254740992.0

function gammaOf(k: i32): f64 {
  return (<f64>k * u) / (1 - <f64>k * u)
}

/** One step of iterative refinement of the weights; the residual Σ w·a is left in `nearest`. */
function refine(): void {
  combine(points, stride, slots, size, weights, stride, nearest)
  let rest: f64 = 1
  for (let s: usize = 0; s < <usize>size; s++) rest -= load<f64>(weights + s * bytes)
  dots(points, stride, slots, size, nearest, stride, column)
  for (let s: usize = 0; s < <usize>size; s++) {
    store<f64>(column + s * bytes, sigma * rest - load<f64>(column + s * bytes))
  }
  solveForward(factor, pitch, reciprocals, size, column)
  solveBackward(factor, pitch, reciprocals, size, column, target)
  for (let s: usize = 0; s < <usize>size; s++) {
    store<f64>(weights + s * bytes, load<f64>(weights + s * bytes) + load<f64>(target + s * bytes))
  }
}

/** How deep inside a key must be, times the sum of its weights, whose residual is in `nearest`: roundings of keys and of that are (d + 1)/2 + 2.25. */
export function depthOf(total: f64, largest: f64, distance: f64): f64 {
  return sqrt(dotPair(nearest, nearest, stride)) + total * (distance + (<f64>(d + 1) / 2 + 2.25) * u * largest)
}

/**
 * Leaves the bounds on the slopes of the key's barycentric coordinates in `column`.
 *
 * @param largest the largest norm of a key
 * @param distance Infinity asks for no proof
 */
export function isInside(largest: f64, distance: f64): bool {
  if (size !== d + 1 || distance === Infinity) return false
  refine()
  combine(points, stride, slots, size, weights, stride, nearest)
  let total: f64 = 0
  let least: f64 = Infinity
  for (let s: usize = 0; s < <usize>size; s++) {
    const w = load<f64>(weights + s * bytes)
    total += w
    least = min<f64>(least, w)
  }
  if (!(least > 0)) return false
  const depth = depthOf(total, largest, distance)
  invertTriangle(factor, pitch, reciprocals, size, inverse)
  // Errors of the factor and of its inverse are in proportion to the lengths of columns and rows: no more where one point is far longer than others.
  let sum: f64 = 0
  for (let s: usize = 0; s < <usize>size; s++) {
    const length = sqrt(sqNorm(inverse + s * (<usize>pitch + 1) * bytes, size - <i32>s, bytes))
    // 1.05 is above all that the roundings below may add to a slope, and those of second order to the depth.
    const slope = 1.05 * length
    if (!(load<f64>(weights + s * bytes) > slope * depth)) return false
    store<f64>(column + s * bytes, slope)
    sum += length * sqrt(sqNorm(factor + s * bytes, <i32>s + 1, <usize>pitch * bytes))
  }
  const inversion = gammaOf(size + 1) * sum
  // 3 of it are for other keys, around which the points are rounded anew; see `simplices.ts`.
  const drift = gammaOf(size + d + 7 + 18 * rotations) * sum * sum
  return inversion <= 1 / 64.0 && drift <= 1 / 64.0
}

/** The square of the length of `count` numbers, so many bytes from one to the next. */
function sqNorm(x: usize, count: i32, step: usize): f64 {
  let sum: f64 = 0
  for (let c = 0; c < count; c++) {
    const value = load<f64>(x)
    sum += value * value
    x += step
  }
  return sum
}
