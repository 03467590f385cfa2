/** Many keys in turn, on the module where it has the search: what it leaves open is solved one by one. */
import { batchKeys } from '../kernels/simd/walker.ts'
import type { Walker } from '../kernels/simd/walker.ts'
import type { ExactSolver } from './exactly.ts'
import { acceptance } from './acceptance.ts'
import type { Proof } from './proof.ts'
import { stepLimit } from './search.ts'
import type { Search, Searches } from './search.ts'
import { selectedBy, solveKey } from './solve.ts'

/** A distance that no rounding of the tolerance reaches, as a multiple of it. */
export const beyond: number = 1 + 2 ** -20

const noQuery = new Float64Array(0)

/**
 * Proves the verdicts of distinct keys, each walking from its start; see `solveKey`. Without `keep` queries that need no further check are
 * left out of the proofs.
 */
export function solveKeys(
  searches: Searches,
  keys: Int32Array,
  starts: Int32Array,
  tolerance: number,
  exact: ExactSolver,
  keep: boolean,
): Proof[] {
  const { narrow } = searches
  const proofs = new Array<Proof | undefined>(keys.length)
  if (narrow.walker !== null) {
    for (let from = 0; from < keys.length; from += batchKeys)
      decideBatch(narrow, narrow.walker, keys, starts, from, tolerance, keep, proofs)
  }
  const solved: Proof[] = []
  for (let at = 0; at < keys.length; at++) {
    solved.push(proofs[at] ?? solveKey(searches, keys[at], starts[at], tolerance, exact))
  }
  return solved
}

/** Puts proofs where the module finds them. A key with copies is left to `solveKey`. */
function decideBatch(
  search: Search,
  walker: Walker,
  keys: Int32Array,
  starts: Int32Array,
  from: number,
  tolerance: number,
  keep: boolean,
  proofs: (Proof | undefined)[],
): void {
  const { prepared, ledger, d, reach, reduced } = search
  const { copies, first, largest } = prepared
  const to = Math.min(keys.length, from + batchKeys)
  const enough = acceptance(prepared, tolerance)
  const places: number[] = []
  const list: number[] = []
  const beginnings: number[] = []
  const gaps: number[] = []
  for (let at = from; at < to; at++) {
    const v = keys[at]
    if (copies[v] > 1) continue
    places.push(at)
    list.push(v)
    beginnings.push(starts[at])
    gaps.push(enough(v))
  }
  const found = walker.decide(
    list,
    beginnings,
    gaps,
    reach,
    stepLimit(d),
    largest,
    // What is inside in fewer dimensions is not so in all.
    reduced ? Infinity : search.tolerance * beyond,
  )
  places.forEach((place, at) => {
    const end = found.end(at)
    if (end === 'query') {
      proofs[place] =
        keep || reduced
          ? (selectedBy(search, list[at], found.query(at), tolerance) ?? undefined)
          : { verdict: 'selectable', query: noQuery }
    } else if (end === 'inside') {
      proofs[place] = { verdict: 'unselectable', simplex: found.simplex(at, first) }
      ledger.noteHull(list[at])
    }
  })
}
