/**
 * The factors on one key that leave a key in the hull of the others, exactly.
 *
 * Let P be the keys but i and j. Where k_i is in the hull of P, every factor does. Where it is not, `k_i = (1 − w)·c + w·t·k_j` with
 * c in the hull of P and w > 0, that is `t·k_j + Σ_l α_l (k_l − k_i) = k_i` with all α_l >= 0: t·k_j must lie in the shadow that P casts
 * from k_i. Both ends of t are linear programs. So is the factor on key i itself: `t·k_i = Σ w_l k_l`, w convex.
 */
import { among } from './attainable/limit.ts'
import { certifyKey } from './certify.ts'
import { ratio } from './exact/dyadic.ts'
import { provenRange } from './exact/ends.ts'
import type { Proposal } from './exact/ends.ts'
import type { Fraction, Program } from './exact/program.ts'
import { rangeOfFirst } from './exact/range.ts'
import { programOfOwn, programOfRival } from './factor/programs.ts'
import { proposeRange } from './factor/propose.ts'
import { checkIndex } from './keyset.ts'
import type { KeySet } from './keyset.ts'
import { othersThan } from './rivals.ts'
import type { ScaleInterval } from './types.ts'

const toNumber = ({ n, d }: Fraction): number => ratio({ m: n, e: 0 }, { m: d, e: 0 })

/** Columns to start an exact search with. */
function startOf(proposal: Proposal | null): readonly number[] {
  if (proposal === null) return []
  return proposal.feasible ? proposal.least.columns : (proposal.basis?.columns ?? [])
}

/**
 * The range of the program's first unknown, rounded: what the search proposes, if that is proven, or by exact arithmetic alone; undefined
 * where that would take more than `mostRows` rows.
 */
function intervalOf(program: Program, mostRows: number): ScaleInterval | null | undefined {
  const proposal = proposeRange(program)
  const proven = proposal === null ? undefined : provenRange(program, proposal)
  if (proven === undefined && program.rank > mostRows) return undefined
  const range = proven === undefined ? rangeOfFirst(program, startOf(proposal)) : proven
  if (range === null) return null
  return { low: toNumber(range.low), high: range.high === null ? Infinity : toNumber(range.high) }
}

/** @throws as `checkIndex`; RangeError also where j is i. */
export function checkRival(j: unknown, i: number, n: number): number {
  const index = checkIndex(j, n, 'j')
  if (index !== i) return index
  throw new RangeError(`j: expected another key than i, got ${i} for both (escapeScale is about key i itself)`)
}

/** The factors t >= 0 on key j for which key i is not selectable at tolerance 0. */
export function criticalScaleOf(keys: KeySet, i: number, j: number): ScaleInterval | null {
  return criticalScaleWithin(keys, i, j, Infinity) ?? null
}

/** The same; undefined where it would take an exact search in more than `mostRows` rows. */
export function criticalScaleWithin(
  keys: KeySet,
  i: number,
  j: number,
  mostRows: number,
): ScaleInterval | null | undefined {
  const others = othersThan(keys.n, i).filter((l) => l !== j)
  if (others.length > 0) {
    const without = { keys: among(keys, i, others), tolerance: 0 }
    if (certifyKey(without, 0).verdict !== 'selectable') return { low: 0, high: Infinity }
  }
  return intervalOf(programOfRival(keys, i, j, others), mostRows)
}

/** The factors t >= 0 on key i itself for which it is not selectable at tolerance 0. */
export function escapeScaleOf(keys: KeySet, i: number): ScaleInterval | null {
  return escapeScaleWithin(keys, i, Infinity) ?? null
}

/** The same; undefined where it would take an exact search in more than `mostRows` rows. */
export function escapeScaleWithin(keys: KeySet, i: number, mostRows: number): ScaleInterval | null | undefined {
  return keys.n === 1 ? null : intervalOf(programOfOwn(keys, i, othersThan(keys.n, i)), mostRows)
}
