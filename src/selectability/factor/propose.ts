/** From a program to a proposal: the floats that the search works on, and its answer in the program's own rows. */
import { bitLength, commonIntegers, ratio } from '../exact/dyadic.ts'
import { weightsOn } from '../exact/ends.ts'
import type { Basis, Proposal } from '../exact/ends.ts'
import { independentOf } from '../exact/padic.ts'
import type { Program } from '../exact/program.ts'
import { clearCoordinates, combine, isClear } from './coordinates.ts'
import { repair } from './repair.ts'
import type { Repaired } from './repair.ts'
import { searchRange } from './search.ts'
import type { Found, Problem } from './search.ts'

/** Columns `rows` of every vector. */
function pick(vectors: Float64Array, rank: number, rows: readonly number[]): Float64Array {
  const width = rows.length
  return Float64Array.from({ length: (vectors.length / rank) * width }, (_, at) => {
    return vectors[Math.floor(at / width) * rank + rows[at % width]]
  })
}

/** What was found among `kept` rows, or other coordinates of as many: a separator is brought back by `toRows`. */
function translate(
  found: Found,
  rank: number,
  kept: readonly number[],
  clear: boolean,
  toRows: (y: Float64Array) => readonly bigint[],
): Proposal | null {
  const dropped = Array.from({ length: rank }, (_, r) => r).filter((r) => !kept.includes(r))
  /** A basis with rows of other coordinates has no name here. */
  const named = ({ columns, rows }: Basis): Basis | null =>
    clear && rows.length > 0 ? null : { columns, rows: [...rows.map((r) => kept[r]), ...dropped] }
  if (!found.feasible) {
    const separator = new Array<bigint>(rank).fill(0n)
    if (found.separator !== null) toRows(found.separator).forEach((y, at) => (separator[kept[at]] = y))
    return {
      feasible: false,
      separator: found.separator === null ? null : separator,
      basis: named(found.basis),
      signs: [...found.signs, ...dropped.map((): 0 => 0)],
      short: found.short,
    }
  }
  const [least, greatest] = [named(found.least), named(found.greatest)]
  return least === null || greatest === null ? null : { ...found, least, greatest }
}

/** Repairs and exact solves that a basis is worth. */
const mostRepairs = 4

/**
 * A basis with exact weights >= 0 that give `target`, 2^size times what the problem's columns give, or one that shows that there are none; the given
 * one where that fails.
 */
function mended(
  program: Program,
  problem: Problem,
  given: Basis,
  { target, size, sign, barred }: { target: readonly bigint[]; size: number; sign: 1 | 0 | -1; barred: number },
): Repaired {
  let basis = given
  for (let round = 0; round < mostRepairs; round++) {
    const x = weightsOn(program, basis.columns, target)
    if (x === null) break
    if (x.numerators.every((w) => w >= 0n)) return { basis, short: -1 }
    const levels = Float64Array.from(x.numerators, (m, p) =>
      ratio({ m, e: program.exponents[basis.columns[p]] - size }, { m: x.denominator, e: 0 }),
    )
    const next = repair(problem, basis, levels, sign, barred)
    if (next === null) break
    if (next.short >= 0) return next
    basis = next.basis
  }
  return { basis: given, short: -1 }
}

/** What was found, with both its bases mended; where the range has no end, the second for the direction in which it has none. */
function mend(program: Program, problem: Problem, found: Found | null, size: number): Found | null {
  if (found?.feasible !== true) return found
  const { ray } = found
  const none = ({ basis, short }: Repaired): Found => {
    return { feasible: false, separator: null, basis, signs: basis.rows.map(() => 0), short }
  }
  const weights = { target: program.right, size, barred: -1 }
  const least = mended(program, problem, found.least, { ...weights, sign: -1 })
  if (least.short >= 0) return none(least)
  const end =
    ray < 0
      ? ({ ...weights, sign: 1 } as const)
      : ({ target: program.column(ray).map((x) => -x), size: program.exponents[ray], barred: ray, sign: 0 } as const)
  const greatest = mended(program, problem, found.greatest, end)
  return greatest.short >= 0 ? none(greatest) : { ...found, least: least.basis, greatest: greatest.basis }
}

/** Proposes the range of the first unknown; null when the search gives up. */
export function proposeRange(program: Program): Proposal | null {
  const { count, rank, rounded, right } = program
  // The right side is one more vector: its largest entry, like the columns', is near 1.
  const size = Math.max(...right.map(bitLength))
  const vectors = new Float64Array((count + 1) * rank)
  vectors.set(rounded)
  right.forEach((m, r) => (vectors[count * rank + r] = ratio({ m, e: 0 }, { m: 1n, e: size })))
  const all = Array.from(right, (_, r) => r)
  const search = (coordinates: Float64Array, width: number): Found | null => {
    const problem = {
      count,
      rank: width,
      columns: coordinates.subarray(0, count * width),
      right: coordinates.subarray(count * width),
    }
    return mend(program, problem, searchRange(problem), size)
  }
  const plainly = (kept: readonly number[], coordinates: Float64Array): Proposal | null => {
    const found = search(coordinates, kept.length)
    return found === null ? null : translate(found, rank, kept, false, (y) => commonIntegers(y).integers)
  }
  if (isClear(vectors, rank)) return plainly(all, vectors)
  const exact = [...Array.from({ length: count }, (_, s) => program.column(s)), right]
  const kept = independentOf(all.map((r) => exact.map((vector) => vector[r])))
  const reduced = pick(vectors, rank, kept)
  if (isClear(reduced, kept.length)) return plainly(kept, reduced)
  const cut = exact.map((vector) => kept.map((r) => vector[r]))
  const { axes, vectors: clear } = clearCoordinates(cut, [...program.exponents, size], reduced, kept.length)
  const found = search(clear, kept.length)
  return found === null ? null : translate(found, rank, kept, true, (y) => combine(axes, y).integers)
}
