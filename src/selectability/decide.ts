/** Many keys in turn, on the module where it has the search: what it leaves open is solved one by one. */
import { batchKeys } from '../kernels/simd/walker.ts'
import type { Walker } from '../kernels/simd/walker.ts'
import type { ExactSolver } from './exactly.ts'
import { acceptanceGap } from './acceptance.ts'
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
  return Array.from(proofs, (proof, at) => proof ?? solveKey(searches, keys[at], starts[at], tolerance, exact))
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
  const places: number[] = []
  for (let at = from; at < to; at++) if (copies[keys[at]] === 1) places.push(at)
  const list = new Int32Array(places.length)
  const beginnings = new Int32Array(places.length)
  const gaps = new Float64Array(places.length)
  places.forEach((place, at) => {
    list[at] = keys[place]
    beginnings[at] = starts[place]
    gaps[at] = acceptanceGap(prepared, list[at], tolerance)
  })
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
      proofs[place] = { verdict: 'unselectable', simplex: found.simplex(at).map((w) => first[w]) }
      ledger.noteHull(list[at])
    }
  })
}
