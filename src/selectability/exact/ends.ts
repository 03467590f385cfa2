/**
 * The ends of a range, proven: a basis, proposed by anyone, is solved for exactly, and linear programming duality says the rest.
 *
 * Weights x >= 0 on the basis with `Σ x_s·column_s = right` reach the end. Multipliers y with `y·column_0 = 1`, and for the high end
 * `y·column_s >= 0` for all others, show that none goes beyond: `y·right = Σ x_s (y·column_s) >= x_0` for any weights; the low end is
 * the same with <=. Both are the solution of one square system, so `y·right` is the end itself. Likewise `y·right > 0` with
 * `y·column_s <= 0` for every column proves that there are no weights at all (Farkas), and a direction z >= 0 with
 * `Σ z_s·column_s = 0`, `z_0 > 0` that there is no high end.
 */
import { gamma } from '../bounds.ts'
import { bitLength, ratio } from './dyadic.ts'
import { dotIntegers } from './linear.ts'
import { solveUnique } from './padic.ts'
import type { Fractions } from './padic.ts'
import type { Fraction, Program, Range } from './program.ts'

/** Columns, and rows of which the unit column, fixed at 0, fills the basis up to the rank. */
export interface Basis {
  readonly columns: readonly number[]
  readonly rows: readonly number[]
}

/**
 * What a search ended with. Without weights: `separator`, multipliers that may prove it, and a basis with the multipliers on its rows, and −1
 * on column `short` of it, whose weight is below 0 and which none can replace, or 0 on all where that is −1.
 * Else: a basis for either end; `ray` is the column that grows without end from the basis `greatest`, −1 where there is a high end.
 */
export type Proposal =
  | {
      readonly feasible: false
      readonly separator: readonly bigint[] | null
      readonly basis: Basis | null
      readonly signs: readonly (1 | 0 | -1)[]
      readonly short: number
    }
  | { readonly feasible: true; readonly least: Basis; readonly greatest: Basis; readonly ray: number }

/** The range that a proposal proves, null for none; undefined where it proves nothing. Complexity: four exact solves in rank unknowns. */
export function provenRange(program: Program, proposal: Proposal): Range | null | undefined {
  if (!proposal.feasible) return provenSeparator(program, proposal) === null ? undefined : null
  const { least, greatest, ray } = proposal
  const low = provenEnd(program, least, -1)
  if (low === null) return undefined
  if (ray >= 0) return growsForever(program, greatest, ray) ? { low, high: null } : undefined
  const high = provenEnd(program, greatest, 1)
  return high === null ? undefined : { low, high }
}

/** Multipliers y with `y·right > 0` and `y·column_s <= 0` for every column, if the proposal has any; no weights exist then. */
export function provenSeparator(
  program: Program,
  { separator, basis, signs, short }: Extract<Proposal, { feasible: false }>,
): readonly bigint[] | null {
  if (separator !== null && separates(program, separator, [])) return separator
  if (basis === null) return null
  const values = basis.columns.map((s): bigint => (s === short ? -1n : 0n))
  const y = multipliersOf(program, basis, values, signs.map(BigInt))
  return y !== null && separates(program, y, basis.columns) ? y : null
}

/** Weights on columns that give `target`, whatever their signs, if there are any. */
export function weightsOn(program: Program, columns: readonly number[], target: readonly bigint[]): Fractions | null {
  if (columns.length === 0) return target.every((x) => x === 0n) ? { numerators: [], denominator: 1n } : null
  const exact = columns.map((s) => program.column(s))
  return solveUnique(
    target.map((_, r) => exact.map((column) => column[r])),
    target,
  )
}

/** The same, if they are all >= 0. */
function weightsFor(program: Program, columns: readonly number[], target: readonly bigint[]): Fractions | null {
  const found = weightsOn(program, columns, target)
  return found?.numerators.every((x) => x >= 0n) === true ? found : null
}

/** Multipliers, in proportion, with `y·column_s = values[s]` on the basis' columns and `y_r = sides[r]` on its rows. */
function multipliersOf(
  program: Program,
  { columns, rows }: Basis,
  values: readonly bigint[],
  sides: readonly bigint[],
): readonly bigint[] | null {
  const unit = (r: number): bigint[] => Array.from({ length: program.rank }, (_, c) => (c === r ? 1n : 0n))
  return (
    solveUnique([...columns.map((s) => program.column(s)), ...rows.map(unit)], [...values, ...sides])?.numerators ??
    null
  )
}

/**
 * Whether `sign·(y·column_s) >= 0` for every column outside `basis`.
 *
 * A filter in floats: y and the columns are rounded once each, products and sums once more, so `γ_{rank+3}` bounds the error, the factor
 * 1 + γ_{2·rank+8} that of the bound, and 2^−1000 what underflows. Where it is not enough, integers decide.
 */
function agree(program: Program, y: readonly bigint[], basis: readonly number[], sign: 1 | -1): boolean {
  const { count, rank, rounded } = program
  const size = { m: 1n, e: Math.max(...y.map(bitLength)) }
  const near = Float64Array.from(y, (m) => ratio({ m, e: 0 }, size))
  const relative = gamma(rank + 3) * (1 + gamma(2 * rank + 8))
  const inside = new Set(basis)
  for (let s = 0; s < count; s++) {
    if (inside.has(s)) continue
    let sum = 0
    let magnitude = 0
    for (let r = 0, at = s * rank; r < rank; r++, at++) {
      const term = near[r] * rounded[at]
      sum += term
      magnitude += Math.abs(term)
    }
    if (sign * sum > relative * magnitude + 2 ** -1000) continue
    if (BigInt(sign) * dotIntegers(program.column(s), y) < 0n) return false
  }
  return true
}

function provenEnd(program: Program, basis: Basis, sign: 1 | -1): Fraction | null {
  const x = weightsFor(program, basis.columns, program.right)
  if (x === null) return null
  const at = basis.columns.indexOf(0)
  // Unknowns are >= 0 by themselves; and a high end of 0 is for the search to show with column 0 in the basis.
  if (at < 0) return sign === -1 ? { n: 0n, d: 1n } : null
  const values = basis.columns.map((s): bigint => (s === 0 ? 1n : 0n))
  const y = multipliersOf(
    program,
    basis,
    values,
    basis.rows.map(() => 0n),
  )
  return y !== null && agree(program, y, basis.columns, sign) ? { n: x.numerators[at], d: x.denominator } : null
}

/** Whether `y·right > 0` and `y·column_s <= 0` for every column; on those of `basis` it is 0. */
function separates(program: Program, y: readonly bigint[], basis: readonly number[]): boolean {
  return dotIntegers(program.right, y) > 0n && agree(program, y, basis, -1)
}

/** Whether column `ray` can grow without end, and column 0 with it, while the basis makes up for it; the rest of the proof is the low end's. */
function growsForever(program: Program, { columns }: Basis, ray: number): boolean {
  const target = program.column(ray).map((x) => -x)
  const z = weightsFor(program, columns, target)
  return z !== null && (ray === 0 || z.numerators[columns.indexOf(0)] > 0n)
}
