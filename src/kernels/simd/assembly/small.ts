/**
 * A whole set of few keys: what `prepare.ts`, `acceptance.ts` and `search.ts` in `src/selectability` do before the keys are searched for, number for
 * number, without an array for each step.
 */
import { corralSize, openCorral } from './corral'
import { decide } from './decide'
import { packRows } from './pack'
import { comparePairs } from './pairs'
import { groupKeys, stripKeys } from './pricing'
import { openWalk } from './walk'

const bytes: usize = 8
/** Keys, at most. */
const mostKeys: usize = 64
const pairsStrip: i32 = 4
/** Shorter keys are left open: the squares of their coordinates would underflow. */
const shortest: f64 = reinterpret<f64>((<u64>(1023 - 500)) << 52)

let keys: usize = 0
/** What is subtracted from them. */
let centre: usize = 0
/** Keys in descending order of norm: rows of d numbers, which keys they are, and what is known of each. */
let z: usize = 0
let order: usize = 0
let norms: usize = 0
let gaps: usize = 0
let ceilings: usize = 0
let rivals: usize = 0
/** Those that are open, the rivals that they start from, the gaps that they must have, how they end, and what proves it. */
let list: usize = 0
let starts: usize = 0
let thresholds: usize = 0
let ends: usize = 0
let proofs: usize = 0
let room: usize = 0

/** @param atFound where the order of the keys comes, the open ones, their ends, and their proofs */
export function openSmall(atKeys: usize, atCentre: usize, atZ: usize, atFound: usize, atRoom: usize): void {
  keys = atKeys
  centre = atCentre
  z = atZ
  order = atFound
  list = order + 4 * mostKeys
  ends = list + 4 * mostKeys
  proofs = ends + 4 * mostKeys
  norms = atRoom
  gaps = norms + bytes * mostKeys
  ceilings = gaps + bytes * mostKeys
  thresholds = ceilings + bytes * mostKeys
  rivals = thresholds + bytes * mostKeys
  starts = rivals + 4 * mostKeys
  room = starts + 4 * mostKeys
}

/** Centres keys into `room`, and puts them in order: the longest first, the first of equals first. */
function sortKeys(n: i32, rowBytes: usize, third: f64, rest: f64): void {
  let from = keys
  let to = room
  for (let v = 0; v < n; v++) {
    let sum: f64 = 0
    for (let c: usize = 0; c < rowBytes; c += bytes) {
      const x = (load<f64>(from + c) - load<f64>(centre + c)) * third * third * rest
      store<f64>(to + c, x)
      sum += x * x
    }
    from += rowBytes
    to += rowBytes
    const norm = sqrt(sum)
    let at = <usize>v
    for (; at > 0 && load<f64>(norms + (at << 3) - bytes) < norm; at--) {
      store<f64>(norms + (at << 3), load<f64>(norms + (at << 3) - bytes))
      store<i32>(order + (at << 2), load<i32>(order + (at << 2) - 4))
    }
    store<f64>(norms + (at << 3), norm)
    store<i32>(order + (at << 2), v)
  }
  for (let v: usize = 0; v < <usize>n; v++) {
    memory.copy(z + v * rowBytes, room + <usize>load<i32>(order + (v << 2)) * rowBytes, rowBytes)
  }
}

function isSame(v: usize, w: usize, rowBytes: usize): bool {
  const a = keys + <usize>load<i32>(order + (v << 2)) * rowBytes
  const b = keys + <usize>load<i32>(order + (w << 2)) * rowBytes
  for (let c: usize = 0; c < rowBytes; c += bytes) if (load<f64>(a + c) !== load<f64>(b + c)) return false
  return true
}

/** Whether two keys have the same coordinates, and so the same norm. */
function hasCopies(n: i32, rowBytes: usize): bool {
  for (let v: usize = 1; v < <usize>n; v++) {
    const norm = load<f64>(norms + (v << 3))
    for (let w = v; w > 0 && load<f64>(norms + (w << 3) - bytes) === norm; w--)
      if (isSame(w - 1, v, rowBytes)) return true
  }
  return false
}

/**
 * Orders and compares keys; returns how many are open, or −1 where two are equal.
 *
 * @param third and `rest`: keys are scaled by `third²·rest`
 * @param tolerance in units of z, which with `relative·(‖z_v‖ + L) + absolute`, times `factor`, is the gap that a key must have
 */
export function compareSmall(
  n: i32,
  d: i32,
  third: f64,
  rest: f64,
  tolerance: f64,
  relative: f64,
  absolute: f64,
  factor: f64,
): i32 {
  const rowBytes = (<usize>d) << 3
  sortKeys(n, rowBytes, third, rest)
  if (hasCopies(n, rowBytes)) return -1
  const largest = load<f64>(norms)
  for (let at: usize = 0; at < (<usize>n) << 3; at += bytes) {
    const norm = load<f64>(norms + at)
    const gap = (tolerance + (relative * (norm + largest) + absolute)) * factor
    const ceiling = norm * norm * (1 - f64.EPSILON * 2) - gap * norm
    store<f64>(gaps + at, gap)
    store<f64>(ceilings + at, norm > shortest && ceiling > 0 ? ceiling : -Infinity)
  }
  memory.fill(rivals, 255, (<usize>n) << 2)
  packRows<f64>(room, z, n, d, d, pairsStrip)
  comparePairs(z, room, d, norms, ceilings, 0, n, rivals)
  let open: usize = 0
  for (let v = 0; v < n; v++) {
    const rival = load<i32>(rivals + ((<usize>v) << 2))
    if (rival < 0) continue
    store<i32>(list + (open << 2), v)
    store<i32>(starts + (open << 2), rival)
    store<f64>(thresholds + (open << 3), load<f64>(gaps + ((<usize>v) << 3)))
    open++
  }
  return <i32>open
}

/** Rows in strips, as float32. */
function packStrips(n: i32, d: i32, to: usize): void {
  let from = z
  for (let v = 0; v < n; v++) {
    let at = to + <usize>(v / stripKeys) * ((<usize>d) << 5) + ((<usize>(v % stripKeys)) << 2)
    for (let c = 0; c < d; c++) {
      store<f32>(at, <f32>load<f64>(from))
      from += bytes
      at += 32
    }
  }
}

/** Searches for the keys that `compareSmall` left open; see `decide` and `openWalk`. */
export function searchSmall(
  n: i32,
  d: i32,
  count: i32,
  reach: f64,
  maxSteps: i32,
  distance: f64,
  slack: f64,
  dependence: f64,
): void {
  const stride = (d + 3) & ~3
  const places = (n + groupKeys - 1) & -groupKeys
  const rows = room
  const strips = rows + ((<usize>(n * stride)) << 3)
  const known = strips + ((<usize>(places * d)) << 2)
  const labels = known + ((<usize>(places * d)) << 2)
  const knownLabels = labels + ((<usize>places) << 2)
  const isKnown = knownLabels + ((<usize>places) << 2)
  const tops = isKnown + <usize>places
  const corral = tops + 16
  const scratch = corral + ((<usize>corralSize(d, stride)) << 3)
  // What is left of another set must not steer the steps.
  memory.fill(rows, 0, scratch - rows)
  const rowBytes = (<usize>d) << 3
  for (let v: usize = 0; v < <usize>n; v++) memory.copy(rows + ((v * <usize>stride) << 3), z + v * rowBytes, rowBytes)
  packStrips(n, d, strips)
  memory.fill(labels, 255, (<usize>places) << 3)
  for (let v = 0; v < n; v++) store<i32>(labels + ((<usize>v) << 2), v)
  // Rounded up, or pricing might end too early.
  for (let group: usize = 0; group < <usize>(places / groupKeys); group++) {
    store<f32>(
      tops + (group << 2),
      <f32>(load<f64>(norms + group * <usize>groupKeys * bytes) * (1 + <f64>f32.EPSILON * 8)),
    )
  }
  openCorral(corral, d, stride)
  openWalk(n, d, stride, rows, strips, labels, tops, known, knownLabels, isKnown, scratch, slack, dependence)
  decide(
    list,
    starts,
    thresholds,
    count,
    reach,
    maxSteps,
    load<f64>(norms),
    distance,
    ends,
    proofs,
    (<usize>(d + 1)) << 3,
    gaps,
    0,
  )
}
