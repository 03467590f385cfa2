/** The oracles of the soak: the exact reference, HiGHS where it can tell, and for a positive tolerance what was decided at 0. */
import type { Highs } from 'highs'
import { separation } from '../../bench/highs.mjs'
import type { Certificate, Verdict } from '../../src/index.ts'
import { decideExactly, isSelectable, leads, standing, toIntegers } from '../reference/rational.ts'
import type { SoakSet } from './families.ts'

/**
 * The verdict by the reference's own integers. A query that proves a verdict needs no linear program to confirm it: what is left
 * of a selectable key is nothing, of a tied one that no query selects it, of an unselectable one that no query leads.
 */
export function expectedVerdict({ rows, bias }: SoakSet, i: number, certificate: Certificate): Verdict {
  const { verdict } = certificate
  if (verdict === 'unselectable') return leads(rows, i, bias) ? decideExactly(rows, i, bias) : verdict
  const shown = standing(rows, i, certificate.exactQuery ?? Array.from(certificate.query), bias)
  if (shown === 'alone') return 'selectable'
  if (verdict === 'tied' && shown === 'shared') return isSelectable(rows, i, bias) ? 'selectable' : 'tied'
  return decideExactly(rows, i, bias)
}

/** HiGHS tolerates 1e-7 and drops coefficients under 1e-9, on keys of size 1. */
const noise = 1e-7
/** An optimum of this size is clear of both, for the at most 6 coordinates of a set. */
const signal = 1e-6

export type Opinion = 'agrees' | 'differs' | 'cannot tell'

/**
 * What HiGHS says of the verdicts of a set without bias. Its optimum, for keys scaled to 1, is at least the distance δ from the
 * hull. So one clear of the tolerance says selectable; one near 0 contradicts a certified margin that is clear of it, and confirms
 * a key in the hull; a selectable key of a small margin is not for HiGHS to judge.
 */
export function opinions(solver: Highs, { rows }: SoakSet, certificates: readonly Certificate[]): Opinion[] {
  const flat = rows.flat()
  const largest = Math.max(...flat.map(Math.abs))
  const model = separation(solver, flat, rows.length, rows[0]?.length ?? 0)
  try {
    return certificates.map((certificate, i) => {
      const optimum = model.solve(i)
      const { verdict } = certificate
      if (optimum !== null && optimum >= signal) return verdict === 'selectable' ? 'agrees' : 'differs'
      if (optimum === null || optimum > noise) return 'cannot tell'
      if (verdict !== 'selectable') return 'agrees'
      return certificate.margin / largest >= signal ? 'differs' : 'cannot tell'
    })
  } finally {
    model.dispose()
  }
}

/** By so many times the factor that the contract names, 100, a tie must spread to be asked for: floats decide where 100 is. */
const clearSpread = 200

/** Whether a query spreads the scores of keys without bias over more than `width·‖query‖`, in integers. */
function spreads(rows: readonly number[][], query: readonly bigint[], width: number): boolean {
  const [least, ...entries] = toIntegers([width, ...rows.flat()])
  const scores = rows.map((row, j) => row.reduce((sum, _, c) => sum + query[c]! * entries[j * row.length + c]!, 0n))
  const [low, high] = scores.reduce(([a, b], x) => [x < a ? x : a, x > b ? x : b], [scores[0]!, scores[0]!])
  const sqNorm = query.reduce((sum, x) => sum + x * x, 0n)
  return (high - low) ** 2n > least! ** 2n * sqNorm
}

/**
 * What a verdict at a positive tolerance may not be, given the exact one. A key in the hull is not selectable; one whose proven distance
 * is more than twice the tolerance is; and one that is exactly tied by a query of clear spread is tied.
 */
export function contradiction(
  { rows, bias }: SoakSet,
  exact: Certificate,
  verdict: Verdict,
  tolerance: number,
): string | null {
  if (exact.verdict !== 'selectable' && verdict === 'selectable') return 'in the hull, yet selectable'
  if (exact.verdict === 'selectable' && exact.margin > 2 * tolerance && verdict !== 'selectable') {
    return 'farther than twice the tolerance, yet not selectable'
  }
  if (exact.verdict !== 'tied' || bias !== undefined || verdict === 'tied') return null
  const query = exact.exactQuery ?? toIntegers(Array.from(exact.query))
  return spreads(rows, query, clearSpread * tolerance) ? 'exactly tied by a clear spread, yet not tied' : null
}
