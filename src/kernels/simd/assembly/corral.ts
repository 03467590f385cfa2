/**
 * Wolfe's corral in the module: `src/selectability/corral.ts` has the mathematics, and this the same steps on the module's
 * memory. An instance of the module has one corral.
 */
import { combine, dotPair, dots } from './dots'
import { solveBackward, solveForward } from './triangle'

const bytes: usize = 8

/** Points now. */
export let size: i32 = 0
/** Givens rotations since the corral was last started: each adds its roundings to those of the factor. */
export let rotations: i32 = 0

export let d: i32 = 0
export let stride: i32 = 0
export let pitch: i32 = 0
export let sigma: f64 = 1
/** Points stay where they are until they leave: `slots` has the row of each, and behind the last the free ones. */
export let points: usize = 0
export let factor: usize = 0
/** Room for the factor's inverse. */
export let inverse: usize = 0
export let reciprocals: usize = 0
let forward: usize = 0
export let weights: usize = 0
export let target: usize = 0
export let column: usize = 0
export let nearest: usize = 0
export let labels: usize = 0
export let slots: usize = 0

/** Numbers that `openCorral` needs, for d dimensions in rows of `stride` numbers, a multiple of 4. */
export function corralSize(dimension: i32, rowStride: i32): i32 {
  const width = (dimension + 8) & ~3
  return width * rowStride + 2 * width * width + 7 * width + rowStride
}

/** Lays the corral out from address `at`. */
export function openCorral(at: usize, dimension: i32, rowStride: i32): void {
  d = dimension
  stride = rowStride
  pitch = (dimension + 8) & ~3
  const row = <usize>pitch * bytes
  points = at
  factor = points + <usize>pitch * <usize>stride * bytes
  inverse = factor + <usize>pitch * row
  reciprocals = inverse + <usize>pitch * row
  forward = reciprocals + row
  weights = forward + row
  target = weights + row
  column = target + row
  labels = column + row
  slots = labels + row
  nearest = slots + row
  for (let s = 0; s < pitch; s++) store<i32>(slots + ((<usize>s) << 2), s)
  size = 0
}

/** Where the parts of the corral are, for views: points 0, factor 1, forward 2, weights 3, nearest 4, labels 5, slots 6. */
export function corralPart(part: i32): usize {
  if (part === 0) return points
  if (part === 1) return factor
  if (part === 2) return forward
  if (part === 3) return weights
  if (part === 4) return nearest
  return part === 5 ? labels : slots
}

export function corralPitch(): i32 {
  return pitch
}

export function corralCount(): i32 {
  return size
}

export function corralHas(label: i32): bool {
  for (let s = 0; s < size; s++) if (load<i32>(labels + ((<usize>s) << 2)) === label) return true
  return false
}

/** The row where the next point is written before it enters. */
export function nextPoint(): usize {
  return points + <usize>load<i32>(slots + ((<usize>size) << 2)) * <usize>stride * bytes
}

/** Starts again with the point in `nextPoint`. */
export function resetCorral(label: i32, ridge: f64): void {
  const slot = load<i32>(slots + ((<usize>size) << 2))
  store<i32>(slots + ((<usize>size) << 2), load<i32>(slots))
  store<i32>(slots, slot)
  size = 0
  rotations = 0
  sigma = ridge
  enterCorral(label, 0)
}

/**
 * Brings in the point in `nextPoint` and finds the nearest point anew; false when it depends affinely on the others to rounding.
 *
 * @param gamma γ_{d+m+2} for m = d + 1 covers every size
 */
export function enterCorral(label: i32, gamma: f64): bool {
  if (!addPoint(label, gamma)) return false
  minimise()
  combine(points, stride, slots, size, weights, stride, nearest)
  return true
}

/** The geometric mean of the squared lengths of the points, to a factor of 2: the ridge that goes with them. */
export function scaleOfCorral(): f64 {
  let sum: i64 = 0
  for (let s: usize = 0; s < <usize>size; s++) {
    const point = points + <usize>load<i32>(slots + (s << 2)) * <usize>stride * bytes
    sum += reinterpret<i64>(dotPair(point, point, stride)) >> 52
  }
  return reinterpret<f64>(max<i64>(1, sum / size) << 52)
}

/** Empties the corral. */
export function clearCorral(): void {
  size = 0
  rotations = 0
  sigma = 1
}

/** Finds the nearest point of the points that were added, from amid them. */
export function settleCorral(): void {
  for (let s: usize = 0; s < <usize>size; s++) store<f64>(weights + s * bytes, 1 / <f64>size)
  minimise()
  combine(points, stride, slots, size, weights, stride, nearest)
}

/** Brings in the point in `nextPoint` with weight 0; false when it depends affinely on the others to rounding. */
export function addPoint(label: i32, gamma: f64): bool {
  const point = nextPoint()
  const sqNorm = sigma + dotPair(point, point, stride)
  dots(points, stride, slots, size, point, stride, column)
  let rest = sqNorm
  let rise: f64 = 1
  for (let s: usize = 0; s < <usize>size; s++) store<f64>(column + s * bytes, load<f64>(column + s * bytes) + sigma)
  solveForward(factor, pitch, reciprocals, size, column)
  for (let s: usize = 0; s < <usize>size; s++) {
    const y = load<f64>(column + s * bytes)
    rest -= y * y
    rise -= y * load<f64>(forward + s * bytes)
  }
  if (size > d || !(rest > gamma * sqNorm)) return false
  const diagonal = sqrt(rest)
  const last = <usize>size * bytes
  for (let s: usize = 0; s < <usize>size; s++)
    store<f64>(factor + s * <usize>pitch * bytes + last, load<f64>(column + s * bytes))
  store<f64>(factor + <usize>size * <usize>pitch * bytes + last, diagonal)
  store<f64>(reciprocals + last, 1 / diagonal)
  store<f64>(forward + last, rise / diagonal)
  store<i32>(labels + ((<usize>size) << 2), label)
  store<f64>(weights + last, 0)
  size++
  return true
}

/** Minor cycles: from the present weights towards the affine minimiser, dropping the points that block the way. */
function minimise(): void {
  while (size > 0) {
    solveBackward(factor, pitch, reciprocals, size, forward, target)
    let total: f64 = 0
    for (let s: usize = 0; s < <usize>size; s++) total += load<f64>(target + s * bytes)
    const scale = 1 / total
    let step: f64 = 1
    let blocking = -1
    for (let s: usize = 0; s < <usize>size; s++) {
      const to = load<f64>(target + s * bytes) * scale
      store<f64>(target + s * bytes, to)
      if (!(to > 0)) {
        const from = load<f64>(weights + s * bytes)
        const reach = from / (from - to)
        if (blocking < 0 || reach < step) {
          step = reach
          blocking = <i32>s
        }
      }
    }
    if (blocking < 0) {
      memory.copy(weights, target, <usize>size * bytes)
      return
    }
    for (let s: usize = 0; s < <usize>size; s++) {
      const from = load<f64>(weights + s * bytes)
      store<f64>(weights + s * bytes, max<f64>(0, from + step * (load<f64>(target + s * bytes) - from)))
    }
    remove(blocking)
  }
}

/** Takes a point out; rotations restore the triangle while its columns move up by one. */
function remove(gone: i32): void {
  const slot = load<i32>(slots + ((<usize>gone) << 2))
  const after = <usize>(size - gone - 1)
  const at = <usize>gone * bytes
  memory.copy(slots + ((<usize>gone) << 2), slots + ((<usize>(gone + 1)) << 2), after << 2)
  memory.copy(labels + ((<usize>gone) << 2), labels + ((<usize>(gone + 1)) << 2), after << 2)
  memory.copy(weights + at, weights + at + bytes, after * bytes)
  size--
  store<i32>(slots + ((<usize>size) << 2), slot)
  const row = <usize>pitch * bytes
  for (let r = 0; r < gone; r++) {
    const p = factor + <usize>r * row + at
    memory.copy(p, p + bytes, after * bytes)
  }
  for (let s = gone; s < size; s++) {
    const p = factor + <usize>s * row + <usize>s * bytes
    const q = p + row
    // The upper row was moved by the rotation before, but for the first.
    const shift = s === gone ? bytes : 0
    const a = load<f64>(p + shift)
    const b = load<f64>(q, 8)
    const length = sqrt(a * a + b * b)
    const cos = a / length
    const sin = b / length
    store<f64>(p, length)
    store<f64>(reciprocals + <usize>s * bytes, 1 / length)
    const f = forward + <usize>s * bytes
    const top = load<f64>(f)
    const low = load<f64>(f, 8)
    store<f64>(f, cos * top + sin * low)
    store<f64>(f, cos * low - sin * top, 8)
    rotate(p + bytes, p + bytes + shift, q + bytes, q + 2 * bytes, size - s - 1, cos, sin)
  }
  rotations += size - gone
}

/** (top, low) turned by an angle, from where they were to where they belong. */
function rotate(toTop: usize, top: usize, toLow: usize, low: usize, count: i32, cos: f64, sin: f64): void {
  const c = f64x2.splat(cos)
  const s = f64x2.splat(sin)
  let at: usize = 0
  const end = <usize>count * bytes
  for (; at + 16 <= end; at += 16) {
    const x = v128.load(top + at)
    const y = v128.load(low + at)
    v128.store(toTop + at, f64x2.add(f64x2.mul(c, x), f64x2.mul(s, y)))
    v128.store(toLow + at, f64x2.sub(f64x2.mul(c, y), f64x2.mul(s, x)))
  }
  if (at < end) {
    const x = load<f64>(top + at)
    const y = load<f64>(low + at)
    store<f64>(toTop + at, cos * x + sin * y)
    store<f64>(toLow + at, cos * y - sin * x)
  }
}
