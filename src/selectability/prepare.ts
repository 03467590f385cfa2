/**
 * A key set made ready for the search: copies folded into one, centred, and scaled by a power of two.
 *
 * Selectability does not change under translation and positive scaling. With c any fixed vector of floats and p an integer,
 * `z_j = fl(k_j·2^p − c)`: the scaling is exact (or underflows by at most 2^−1075, far below every bound here), c cancels in
 * every difference of keys, and so each coordinate of z is off by at most one rounding.
 */
import { gamma } from './bounds.ts'
import { ldexp } from './exact/dyadic.ts'
import { exponentOf } from './keyset.ts'
import type { KeySet } from './keyset.ts'

/** What is known of the distinct keys without their coordinates; distinct key v stands for every key j with `place[j] = v`. */
export interface Frame {
  readonly keys: KeySet
  /** Number of distinct keys. */
  readonly count: number
  /** In descending order: a key can only be overshadowed with the help of longer ones, so that the long ones are decided first. */
  readonly norms: Float64Array
  readonly largest: number
  /** Subtracted from the keys, in their own units. */
  readonly centre: Float64Array
  /** Centred keys are in units of `2^exponent` of the keys' own. */
  readonly exponent: number
  /** The first key of each distinct one. */
  readonly first: Int32Array
  readonly place: Int32Array
  readonly copies: Int32Array
}

/** The distinct keys, ready for the search; row v of `z` is distinct key v, centred. */
export interface Prepared extends Frame {
  readonly z: Float64Array
}

/** FNV-1a over the words of a row, mixed as MurmurHash3 does at its end; equal rows have equal hashes, and rows are compared whole before they count as equal. */
function hashRow(words: Uint32Array, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let at = from; at < to; at++) {
    hash = Math.imul(hash ^ (words[at] & 0xffff), 0x01000193)
    hash = Math.imul(hash ^ (words[at] >>> 16), 0x01000193)
  }
  // The last bits, which choose the place in the table, must hang on the first bits of a float: small whole numbers have no others.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/** Finds exact copies (+0 and −0 are equal; a bias counts as a coordinate). */
export function findCopies({ data, n, d, bias }: KeySet): { place: Int32Array; first: Int32Array } {
  const width = bias === null ? d : d + 1
  const rows = new Float64Array(n * width)
  for (let j = 0; j < n; j++) {
    for (let c = 0; c < d; c++) rows[j * width + c] = data[j * d + c] + 0
    if (bias !== null) rows[j * width + d] = bias[j] + 0
  }
  const words = new Uint32Array(rows.buffer)
  // A table with room for twice the keys, in which a key that finds its place taken by another takes the next.
  const room = 2 ** Math.ceil(Math.log2(2 * n))
  const table = new Int32Array(room).fill(-1)
  const place = new Int32Array(n)
  const first = new Int32Array(n)
  let count = 0
  const isSame = (v: number, j: number): boolean => {
    for (let c = 0, a = first[v] * width, b = j * width; c < width; c++) if (rows[a + c] !== rows[b + c]) return false
    return true
  }
  for (let j = 0; j < n; j++) {
    let at = hashRow(words, 2 * j * width, 2 * (j + 1) * width) & (room - 1)
    while (table[at] >= 0 && !isSame(table[at], j)) at = (at + 1) & (room - 1)
    if (table[at] < 0) {
      table[at] = count
      first[count++] = j
    }
    place[j] = table[at]
  }
  return { place, first: first.slice(0, count) }
}

/** `ldexp` by one shift, for many numbers: the powers are computed once. */
function scaling(shift: number): (x: number) => number {
  const clamped = Math.max(-2200, Math.min(2200, shift))
  const third = Math.trunc(clamped / 3)
  const power = 2 ** third
  const rest = 2 ** (clamped - 2 * third)
  return (x) => x * power * power * rest
}

/** Keys at or above this are not centred: their differences could overflow. */
const hugest = 2 ** 1022

/** Keys whose lengths are equal to this lie on a sphere around the origin. */
const roundness = 1 - 2 ** -10

/**
 * Whether the keys lie on a sphere around the origin and not all on one side of it, so far that the mean would be half as long: then each
 * selects itself around the origin, and need not around the mean.
 */
function isSphere(
  { data, d }: Pick<KeySet, 'data' | 'd'>,
  first: Int32Array,
  mean: Float64Array,
  scale: (x: number) => number,
): boolean {
  let least = Infinity
  let most = 0
  for (const j of first) {
    let sum = 0
    for (let c = 0; c < d; c++) sum += scale(data[j * d + c]) ** 2
    least = Math.min(least, sum)
    most = Math.max(most, sum)
    if (!(least >= roundness * most)) return false
  }
  return mean.reduce((sum, x) => sum + x * x, 0) <= most / 4
}

/**
 * A point amid the distinct keys: the origin if they lie on a sphere around it, or else their mean, but 0 in coordinates so large that a
 * difference could overflow.
 */
function centreOf({ data, d }: KeySet, first: Int32Array): Float64Array {
  const e = exponentOf(data)
  const centre = new Float64Array(d)
  const scale = scaling(-e)
  const mean = new Float64Array(d)
  const largest = new Float64Array(d)
  for (const j of first) {
    for (let c = 0, at = j * d; c < d; c++, at++) {
      mean[c] += scale(data[at]) / first.length
      largest[c] = Math.max(largest[c], Math.abs(data[at]))
    }
  }
  if (isSphere({ data, d }, first, mean, scale)) return centre
  for (let c = 0; c < d; c++) centre[c] = largest[c] < hugest ? ldexp(mean[c], e) : 0
  return centre
}

/** Writes centred keys, key j of the set into row `at` of `out`. */
function centring(
  { data, d }: KeySet,
  centre: Float64Array,
  exponent: number,
): (j: number, out: Float64Array, at: number) => void {
  const scale = scaling(-exponent)
  return (j, out, at) => {
    for (let c = 0; c < d; c++) out[at * d + c] = scale(data[j * d + c] - centre[c])
  }
}

/** Distinct key v centred, as row v of `z` is. */
export function centredKey({ keys, first, centre, exponent }: Frame, v: number): Float64Array {
  const row = new Float64Array(keys.d)
  centring(keys, centre, exponent)(first[v], row, 0)
  return row
}

function normOf(row: Float64Array): number {
  let sum = 0
  for (let c = 0; c < row.length; c++) sum += row[c] * row[c]
  return Math.sqrt(sum)
}

/** The exponent of the largest centred coordinate. */
function spreadOf({ data, d }: KeySet, first: Int32Array, centre: Float64Array): number {
  const most = new Float64Array(d)
  for (const j of first) for (let c = 0; c < d; c++) most[c] = Math.max(most[c], Math.abs(data[j * d + c] - centre[c]))
  return exponentOf(most)
}

/** @param allocate memory for `z`, or null for the thread's own. */
export function prepare(keys: KeySet, allocate: (length: number) => Float64Array | null = () => null): Prepared {
  const found = findCopies(keys)
  const centre = centreOf(keys, found.first)
  const exponent = spreadOf(keys, found.first, centre)
  const centreKey = centring(keys, centre, exponent)
  const row = new Float64Array(keys.d)
  const count = found.first.length
  const lengths = new Float64Array(count)
  const order = new Int32Array(count)
  for (let v = 0; v < count; v++) {
    centreKey(found.first[v], row, 0)
    lengths[v] = normOf(row)
    order[v] = v
  }
  order.sort((a, b) => lengths[b] - lengths[a] || a - b)
  const first = order.map((was) => found.first[was])
  const norms = Float64Array.from(order, (was) => lengths[was])
  const rank = new Int32Array(order.length)
  order.forEach((was, v) => (rank[was] = v))
  const place = found.place.map((was) => rank[was])
  const copies = new Int32Array(order.length)
  for (const v of place) copies[v]++
  const z = allocate(order.length * keys.d) ?? new Float64Array(order.length * keys.d)
  first.forEach((j, v) => centreKey(j, z, v))
  return { keys, count: order.length, z, norms, largest: norms[0], centre, exponent, first, place, copies }
}

/**
 * The gap, over ‖q‖ and in units of z, beyond which a computed gap for distinct key v proves more than `tolerance`.
 *
 * `|fl(q·z_j) − q·(k_j·2^p − c)| <= γ_{d+1}·‖q‖·‖z_j‖` in any order of summation; the walk adds the bound to key v's product, one
 * rounding more. The Gram pass takes ‖z_v‖² from the rounded norm: a root squared is off by 2u, so γ_{d+3}, of which the rival's product
 * pays one. The last factor covers the rounding of the norms and of this bound, and (d + 2)·2^−1020 what underflows.
 */
export function acceptanceGap({ keys: { d }, norms, largest, exponent }: Frame, v: number, tolerance: number): number {
  const rounding = gamma(d + 2) * (norms[v] + largest) + (d + 2) * 2 ** -1020
  return (ldexp(tolerance, -exponent) + rounding) * (1 + gamma(2 * d + 16))
}

/** The Gram pass leaves shorter keys open: the squares of their coordinates would underflow, and with them the bound. */
const shortest = 2 ** -500

/**
 * What products with a key must stay below, so that the Gram pass settles it: `‖z_v‖² − gap·‖z_v‖`, lower by more than the two roundings of
 * that; −Infinity where it cannot be settled.
 */
export function gramCeilings(frame: Frame, tolerance: number): Float64Array {
  return frame.norms.map((norm, v) => {
    const ceiling = norm * norm * (1 - 2 ** -51) - acceptanceGap(frame, v, tolerance) * norm
    return norm > shortest && ceiling > 0 ? ceiling : -Infinity
  })
}
