/**
 * What a search in floats, mended with exact levels, says of a key at tolerance 0: a query, proven, or keys whose hull has it. In many dimensions an
 * exact search from nothing takes a hundred times as long.
 */
import { provenSeparator } from '../exact/ends.ts'
import type { KeySet } from '../keyset.ts'
import { othersThan } from '../rivals.ts'
import { programOfHull } from './programs.ts'
import { proposeRange } from './propose.ts'

/** A query, in integers, strictly lower on all other keys, or the support of convex weights that likely give the key. */
export type Hint = { readonly query: bigint[] } | { readonly support: readonly number[] }

export function decideNearly(keys: KeySet, i: number): Hint | null {
  const others = othersThan(keys.n, i)
  const program = programOfHull(keys, i, others)
  const proposal = proposeRange(program)
  if (proposal === null) return null
  if (proposal.feasible) return { support: proposal.least.columns.map((s) => others[s]) }
  // On column (a, 1) the multipliers (q, c) are 0 or less, and c > 0.
  const y = provenSeparator(program, proposal)
  return y === null ? null : { query: y.slice(0, keys.d) }
}
