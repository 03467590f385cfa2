/**
 * The factors on a key that leave a key in the hull of the others, slowly and exactly; it shares no code with `src`.
 *
 * Brute force: a program `{x >= 0 : A x = b}` without lines has its least and greatest x_0 at points whose columns are independent, and
 * grows without end only along directions that are such points of `{z >= 0 : A z = 0, Σ z = 1}`. All independent sets are tried.
 */
import { decompose, maximumIsPositive, toIntegers } from './rational.ts'

type Row = readonly bigint[]

/** A fraction with d > 0. */
export interface Fraction {
  readonly n: bigint
  readonly d: bigint
}

/** `high` null for no end. */
export interface Factors {
  readonly low: Fraction
  readonly high: Fraction | null
}

const dot = (x: Row, y: Row): bigint => x.reduce((sum, value, c) => sum + value * (y[c] ?? 0n), 0n)
const less = (a: Fraction, b: Fraction): boolean => a.n * b.d < b.n * a.d

/** The only x with `Σ x_s·columns_s = b`, as numerators over one denominator > 0; null when there is none or more. */
function solve(columns: readonly Row[], b: Row): { x: bigint[]; d: bigint } | null {
  const m = columns.length
  const rows = b.map((value, r) => [...columns.map((column) => column[r] ?? 0n), value])
  // Each division is exact: entries are minors (Bareiss 1968).
  let d = 1n
  for (let k = 0; k < m; k++) {
    const at = rows.findIndex((row, r) => r >= k && row[k] !== 0n)
    const pivot = rows[at]
    if (pivot === undefined) return null
    rows.splice(at, 1)
    rows.splice(k, 0, pivot)
    const p = pivot[k] ?? 0n
    for (const row of rows) {
      if (row === pivot) continue
      const factor = row[k] ?? 0n
      row.forEach((value, c) => (row[c] = (value * p - factor * (pivot[c] ?? 0n)) / d))
    }
    d = p
  }
  if (rows.slice(m).some((row) => row[m] !== 0n)) return null
  const sign = d < 0n ? -1n : 1n
  return { x: rows.slice(0, m).map((row) => sign * (row[m] ?? 0n)), d: sign * d }
}

/** Every set of at most `size` of the numbers below `count`. */
function* subsets(count: number, size: number, from = 0): Generator<number[]> {
  yield []
  if (size === 0) return
  for (let first = from; first < count; first++) {
    for (const rest of subsets(count, size - 1, first + 1)) yield [first, ...rest]
  }
}

/** The values of x_0 at all points of the program with independent columns. */
function pointsOf(columns: readonly Row[], b: Row): Fraction[] {
  const found: Fraction[] = []
  for (const set of subsets(columns.length, b.length)) {
    const point = solve(
      set.map((s) => columns[s] ?? []),
      b,
    )
    if (point?.x.every((value) => value >= 0n) !== true) continue
    const [x, d] = [point.x, point.d]
    const holds = b.every(
      (value, r) =>
        dot(
          set.map((s) => columns[s]?.[r] ?? 0n),
          x,
        ) ===
        value * d,
    )
    if (!holds) throw new Error('reference: the point solves nothing')
    found.push({ n: set[0] === 0 ? (x[0] ?? 0n) : 0n, d })
  }
  return found
}

function rangeOf(columns: readonly Row[], b: Row): Factors | null {
  const points = pointsOf(columns, b)
  const [first] = points
  if (first === undefined) return null
  const low = points.reduce((least, t) => (less(t, least) ? t : least), first)
  const directions = pointsOf(
    columns.map((column) => [...column, 1n]),
    [...b.map(() => 0n), 1n],
  )
  if (directions.some(({ n }) => n > 0n)) return { low, high: null }
  return { low, high: points.reduce((most, t) => (less(most, t) ? t : most), first) }
}

function integerRows(keys: readonly (readonly number[])[]): bigint[][] {
  const d = keys[0]?.length ?? 0
  const flat = toIntegers(keys.flat())
  return keys.map((_, j) => flat.slice(j * d, (j + 1) * d))
}

/** The factors t >= 0 on key i itself with which it is a convex combination of the others: `Σ w_l·k_l − t·k_i = 0`, `Σ w = 1`. */
export function ownFactors(keys: readonly (readonly number[])[], i: number): Factors | null {
  const rows = integerRows(keys)
  const own = (rows[i] ?? []).map((value) => -value)
  const others = rows.filter((_, l) => l !== i).map((row) => [...row, 1n])
  return rangeOf([[...own, 0n], ...others], [...own.map(() => 0n), 1n])
}

/**
 * The factors t >= 0 on key j with which key i is one of the others: `Σ w_l·k_l + u·k_j = k_i`, `Σ w + v = 1`, where `u = t·v`. At v = 0 it is
 * one of the others without j. Else, over v: `t·k_j + Σ α_l (k_l − k_i) = k_i`.
 */
export function rivalFactors(keys: readonly (readonly number[])[], i: number, j: number): Factors | null {
  const rows = integerRows(keys)
  const own = rows[i] ?? []
  const others = rows.filter((_, l) => l !== i && l !== j)
  const without = pointsOf(
    others.map((row) => [...row, 1n]),
    [...own, 1n],
  )
  if (without.length > 0) return { low: { n: 0n, d: 1n }, high: null }
  return rangeOf([rows[j] ?? [], ...others.map((row) => row.map((value, c) => value - (own[c] ?? 0n)))], own)
}

/** Whether key i, or key j for j = i, times a float t >= 0 leaves key i selectable: an exact linear program of its own. */
export function isSelectableAt(keys: readonly (readonly number[])[], i: number, j: number, t: number): boolean {
  const { mantissa, exponent } = decompose(t)
  const [up, down] = [BigInt(Math.max(0, exponent)), BigInt(Math.max(0, -exponent))]
  const rows = integerRows(keys).map((row, l) => row.map((x) => (l === j ? (x * mantissa) << up : x << down)))
  const own = rows[i] ?? []
  const gaps = rows.filter((_, l) => l !== i).map((row) => row.map((value, c) => value - (own[c] ?? 0n)))
  // Variables: q as x − x_0·1, and the least gap, at most 1.
  const zeros = [...own.map(() => 0n), 0n]
  return maximumIsPositive(
    [...gaps.map((gap) => [...gap, -gap.reduce((sum, x) => sum + x, 0n), 1n]), [...zeros, 1n]],
    [...gaps.map(() => 0n), 1n],
    [...zeros, 1n],
  )
}

/** Whether a float is the fraction to the nearest, or below 2^−1022 one of the two beside it; Infinity past the largest. */
export function isRounded(t: number, { n, d }: Fraction): boolean {
  if (t === Infinity) return n >= d * ((1n << 1024n) - (1n << 970n))
  const { mantissa, exponent } = decompose(t)
  // Times 2^1074·d both are integers.
  const [own, exact] = [(mantissa * d) << BigInt(exponent + 1074), n << 1074n]
  const off = own > exact ? own - exact : exact - own
  return off << 53n <= exact || off < d
}
