/** Many keys in turn, on the module where it has the search: what it leaves open is solved one by one. */
import { batchKeys } from '../kernels/simd/walker.ts'
import type { Walker } from '../kernels/simd/walker.ts'
import type { ExactSolver } from './exactly.ts'
import { acceptanceGap } from './prepare.ts'
import type { Proof } from './proof.ts'
import { stepLimit } from './search.ts'
import type { Search, Searches } from './search.ts'
import { selectedBy, solveKey } from './solve.ts'

/** A distance that no rounding of the tolerance reaches. */
const beyond = 1 + 2 ** -20

/** Proves the verdicts of distinct keys, each walking from its start; see `solveKey`. */
export function solveKeys(
  searches: Searches,
  keys: Int32Array,
  starts: Int32Array,
  tolerance: number,
  exact: ExactSolver,
): Proof[] {
  const { narrow } = searches
  const proofs = new Array<Proof | undefined>(keys.length)
  if (narrow.walker !== null) {
    for (let from = 0; from < keys.length; from += batchKeys)
      decideBatch(narrow, narrow.walker, keys, starts, from, tolerance, proofs)
  }
  return Array.from(keys, (v, at) => proofs[at] ?? solveKey(searches, v, starts[at], tolerance, exact))
}

/** Puts proofs where the module finds them. A key with copies is left to `solveKey`. */
function decideBatch(
  search: Search,
  walker: Walker,
  keys: Int32Array,
  starts: Int32Array,
  from: number,
  tolerance: number,
  proofs: (Proof | undefined)[],
): void {
  const { prepared, ledger, d, reach, reduced } = search
  const { copies, first, largest } = prepared
  const places = Array.from(keys.keys()).slice(from, from + batchKeys)
  const single = places.filter((at) => copies[keys[at]] === 1)
  const list = Int32Array.from(single, (at) => keys[at])
  const found = walker.decide(
    list,
    Int32Array.from(single, (at) => starts[at]),
    Float64Array.from(list, (v) => acceptanceGap(prepared, v, tolerance)),
    reach,
    stepLimit(d),
    largest,
    // What is inside in fewer dimensions is not so in all.
    reduced ? Infinity : search.tolerance * beyond,
  )
  single.forEach((place, at) => {
    const end = found.end(at)
    if (end === 'query') {
      proofs[place] = selectedBy(search, list[at], found.query(at), tolerance) ?? undefined
    } else if (end === 'inside') {
      proofs[place] = { verdict: 'unselectable', simplex: found.simplex(at).map((w) => first[w]) }
      ledger.noteHull(list[at])
    }
  })
}
