/**
 * Simplices that walks found around keys, tried on the keys after them: a key with positive barycentric coordinates in one is inside, and needs no
 * walk. docs/exactness.md says when that is proven, "The depth in a corral".
 */
import {
  column,
  d,
  factor,
  labels,
  nearest,
  pitch,
  points,
  reciprocals,
  size,
  slots,
  stride,
  target,
  weights,
} from './corral'
import { dotPair } from './dots'
import { depthOf, isInside } from './inside'
import { startFrom } from './neighbour'
import { row } from './walk'

const bytes: usize = 8

/** Simplices that are kept, the last that held a key first. */
const most: i32 = 16
/** Those of them that a job gives on. */
const mostGiven: i32 = 8

let at: usize = 0
let kept: i32 = 0
/** Bytes of a list with a number for each corner, and of a simplex. */
let listBytes: usize = 0
let recordBytes: usize = 0
/** Bytes of d + 1 labels and a key inside. */
let entryBytes: usize = 0

/** Numbers that `openSimplices` needs. */
export function simplicesSize(dimension: i32, rowStride: i32): i32 {
  return most * ((dimension + 1) * (rowStride + 3) + 1)
}

export function openSimplices(address: usize): void {
  at = address
  listBytes = (<usize>d + 1) * bytes
  entryBytes = (<usize>d + 2) << 2
  recordBytes = (<usize>stride + 3) * listBytes
  kept = 0
}

/** Of each corner its label, and behind these a key inside; then of each a bound on the slope of its coordinate, that coordinate at 0, and its gradient. */
function record(place: i32): usize {
  return at + <usize>most * bytes + <usize>load<i32>(at + ((<usize>place) << 2)) * recordBytes
}

/** Makes the simplex at a place the first. */
function moveUp(place: i32): void {
  const own = load<i32>(at + ((<usize>place) << 2))
  memory.copy(at + 4, at, (<usize>place) << 2)
  store<i32>(at, own)
}

/** y ← (y − factor·x) for rows. */
function subtract(y: usize, factor: f64, x: usize): void {
  const w = f64x2.splat(factor)
  for (let c: usize = 0; c < <usize>stride * bytes; c += 16) {
    v128.store(y + c, f64x2.sub(v128.load(y + c), f64x2.mul(w, v128.load(x + c))))
  }
}

function multiply(y: usize, factor: f64): void {
  const w = f64x2.splat(factor)
  for (let c: usize = 0; c < <usize>stride * bytes; c += 16) v128.store(y + c, f64x2.mul(v128.load(y + c), w))
}

/**
 * Keeps the simplices of a list, each as d + 1 labels and a key inside, so that the first comes first. They are proven anew: what is kept must not
 * depend on who found it.
 */
export function takeSimplices(list: usize, count: i32, largest: f64, distance: f64): void {
  kept = 0
  for (let r: usize = 0; r < <usize>most; r++) store<i32>(at + (r << 2), <i32>r)
  for (; count > 0; count--) {
    const simplex = list + <usize>(count - 1) * entryBytes
    const around = load<i32>(simplex + entryBytes - 4)
    for (let s: usize = 0; s < listBytes; s += bytes) store<f64>(target + s, 1)
    if (startFrom(simplex, around) && isInside(largest, distance)) keepSimplex(around)
  }
}

/** Writes the first of the simplices to such a list; returns how many. */
export function giveSimplices(list: usize): i32 {
  const count = min<i32>(kept, mostGiven)
  for (let place = 0; place < count; place++) {
    memory.copy(list, record(place), entryBytes)
    list += entryBytes
  }
  return count
}

/** Keeps the corral, in which key `around` was proven to be; `column` still has the bounds on slopes. */
export function keepSimplex(around: i32): void {
  const origin = row(around)
  if (kept < most) kept++
  moveUp(kept - 1)
  const own = record(0)
  const offsets = own + 2 * listBytes
  const gradients = offsets + listBytes
  const rowBytes = <usize>stride * bytes
  memory.copy(own, labels, listBytes)
  store<i32>(own + entryBytes - 4, around)
  memory.copy(own + listBytes, column, listBytes)
  // With A the points in rows and RᵀR their products, and σ, the gradients are (RᵀR)⁻¹A.
  for (let s: usize = 0; s < <usize>size; s++) {
    const row = gradients + s * rowBytes
    memory.copy(row, points + <usize>load<i32>(slots + (s << 2)) * rowBytes, rowBytes)
    for (let r: usize = 0; r < s; r++) {
      subtract(row, load<f64>(factor + (r * <usize>pitch + s) * bytes), gradients + r * rowBytes)
    }
    multiply(row, load<f64>(reciprocals + s * bytes))
  }
  for (let s = size - 1; s >= 0; s--) {
    const row = gradients + <usize>s * rowBytes
    for (let r = s + 1; r < size; r++) {
      subtract(row, load<f64>(factor + <usize>(s * pitch + r) * bytes), gradients + <usize>r * rowBytes)
    }
    multiply(row, load<f64>(reciprocals + <usize>s * bytes))
    const at = <usize>s * bytes
    store<f64>(offsets + at, load<f64>(weights + at) - dotPair(row, origin, stride))
  }
}

/** Whether the key in row `origin`, with coordinates λ in `column`, is proven to be inside by their residual Σ λ_s·(z_s − z). */
function proves(own: usize, rows: usize, origin: usize, largest: f64, distance: f64): bool {
  let total: f64 = 0
  for (let s: usize = 0; s < listBytes; s += bytes) total += load<f64>(column + s)
  for (let c: usize = 0; c < <usize>stride * bytes; c += 16) {
    const z = v128.load(origin + c)
    let sum = f64x2.splat(0)
    for (let s: usize = 0; s <= <usize>d; s++) {
      const corner = rows + <usize>load<i32>(own + (s << 2)) * <usize>stride * bytes
      sum = f64x2.add(sum, f64x2.mul(v128.load64_splat(column + s * bytes), f64x2.sub(v128.load(corner + c), z)))
    }
    v128.store(nearest + c, sum)
  }
  const depth = depthOf(total, largest, distance)
  for (let s: usize = 0; s < listBytes; s += bytes) {
    if (!(load<f64>(column + s) > load<f64>(own + listBytes + s) * depth)) return false
  }
  return true
}

/** The labels of the simplex that a key was least outside of, by the least of its coordinates, which are then in `target`; or 0. */
export let nearestSimplex: usize = 0

/** The labels of a simplex in which the key in row `origin` is proven to be, or 0. */
export function findAround(rows: usize, origin: usize, largest: f64, distance: f64): usize {
  nearestSimplex = 0
  let bar: f64 = -Infinity
  for (let place = 0; place < kept; place++) {
    const own = record(place)
    let gradient = own + 3 * listBytes
    let least: f64 = Infinity
    for (let s: usize = 0; s < listBytes && least > bar; s += bytes) {
      const coordinate = load<f64>(own + 2 * listBytes + s) + dotPair(gradient, origin, stride)
      least = min<f64>(least, coordinate)
      store<f64>(column + s, coordinate)
      gradient += <usize>stride * bytes
    }
    if (!(least > bar)) continue
    nearestSimplex = own
    bar = min<f64>(least, 0)
    memory.copy(target, column, listBytes)
    if (least > 0 && proves(own, rows, origin, largest, distance)) {
      moveUp(place)
      return own
    }
  }
  return 0
}
