/**
 * An exact query that is constant on a face, near one found in floating point: the proof of a tie at tolerance 0.
 *
 * With the face's points around the key as rows of A, a query is constant on the face when `Aq = 0`. The entries of q in as many
 * columns as A has rank follow from the others exactly; complete pivoting chooses columns in which they move little.
 */
import { provesTie } from './certificate.ts'
import { commonIntegers, toNumber } from './exact/dyadic.ts'
import { integerKeys, minus } from './exact/integers.ts'
import { dotIntegers, primitive } from './exact/linear.ts'
import { solveUnique } from './exact/padic.ts'
import { readQuery, roundWeights } from './exactly.ts'
import type { KeySet } from './keyset.ts'
import type { Proof } from './proof.ts'

/** Rows and columns of a well-conditioned block of full rank, by Gaussian elimination with complete pivoting in floats. */
export function pivots(points: readonly Float64Array[], rank: number): { rows: number[]; columns: number[] } {
  const table = points.map((point) => point.slice())
  const rows: number[] = []
  const columns: number[] = []
  while (rows.length < rank) {
    let row = -1
    let column = -1
    let largest = 0
    table.forEach((point, r) => {
      if (rows.includes(r)) return
      point.forEach((x, c) => {
        if (Math.abs(x) > largest && !columns.includes(c)) {
          largest = Math.abs(x)
          row = r
          column = c
        }
      })
    })
    if (row < 0) break
    rows.push(row)
    columns.push(column)
    table.forEach((point, r) => {
      if (rows.includes(r)) return
      const factor = point[column] / table[row][column]
      for (let c = 0; c < point.length; c++) point[c] -= factor * table[row][c]
    })
  }
  return { rows, columns }
}

/**
 * Integers in proportion to a query with `q·p = 0` exactly for every point p of the face, or null where rounding hides its rank.
 * `points` are the face's m points around the key in integers, affinely independent; `floats` the same, rounded.
 *
 * Complexity: that of one exact solve with m − 1 unknowns.
 */
export function constantOn(
  points: readonly (readonly bigint[])[],
  floats: readonly Float64Array[],
  query: Float64Array,
): bigint[] | null {
  const { rows, columns } = pivots(floats, points.length - 1)
  if (rows.length < points.length - 1) return null
  const given = commonIntegers(query).integers.map((x, c) => (columns.includes(c) ? 0n : x))
  const chosen = rows.map((r) => points[r])
  const block = chosen.map((point) => columns.map((c) => point[c]))
  const solution = solveUnique(
    block,
    chosen.map((point) => -dotIntegers(point, given)),
  )
  if (solution === null) return null
  const exact = given.map((x) => x * solution.denominator)
  columns.forEach((c, at) => (exact[c] = solution.numerators[at]))
  return points.every((point) => dotIntegers(point, exact) === 0n) ? primitive(exact) : null
}

/**
 * At tolerance 0: the verdict of key i in the hull of `support`, whose exact weights are found here, if one of the queries, made
 * constant on the face, proves a tie; unselectable if the support is a simplex around the key. Null where neither is proven.
 */
export function proveOnFace(
  keys: KeySet,
  i: number,
  support: readonly number[],
  queries: readonly Float64Array[],
): Proof | null {
  const { d } = keys
  const integers = integerKeys(keys, [i, ...support])
  const own = integers.rows[0]
  const points = integers.rows.slice(1).map((row) => minus(row, own))
  const equations = Array.from({ length: d }, (_, c) => points.map((point) => point[c]))
  const found = solveUnique([...equations, points.map(() => 1n)], [...equations.map(() => 0n), 1n])
  if (found === null || !found.numerators.every((w) => w > 0n)) return null
  const hull = roundWeights(support, found.numerators)
  if (support.length === d + 1) return { verdict: 'unselectable', ...hull }
  const floats = points.map((point) => Float64Array.from(point, (m) => toNumber({ m, e: integers.keyExponent })))
  for (const query of queries) {
    const constant = constantOn(points, floats, query)
    if (constant === null) continue
    const { exact, rounded } = readQuery(constant, integers, false)
    if (provesTie(keys, i, rounded, 0) === null) return { verdict: 'tied', query: rounded, ...hull }
    if (provesTie(keys, i, rounded, 0, exact) === null)
      return { verdict: 'tied', query: rounded, exactQuery: exact, ...hull }
  }
  return null
}
