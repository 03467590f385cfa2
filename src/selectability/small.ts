/**
 * Whole sets of few keys, wholly in the module: the same search as for larger sets, number for number, without an array and a function for each
 * of its steps, which take two thirds of the time there. What it leaves open is left to the search for larger sets.
 */
import { usesModule } from '../kernels/backend.ts'
import { mostKeys, mostNumbers, smallSets } from '../kernels/simd/small.ts'
import type { SmallSets } from '../kernels/simd/small.ts'
import { acceptanceTerms } from './acceptance.ts'
import { centreOf, spreadOf } from './centre.ts'
import { beyond } from './decide.ts'
import { ldexp } from './exact/dyadic.ts'
import { powersOf } from './keyset.ts'
import type { KeySet } from './keyset.ts'
import { centredKey } from './prepare.ts'
import type { Frame } from './prepare.ts'
import { normalise } from './query.ts'
import type { Proven } from './report.ts'
import { dependence, reachOf, roundingOf, scoreSlack, stepLimit } from './search.ts'
import { spansClearly } from './span.ts'

/** All keys of a set without copies. */
const every = Int32Array.from({ length: mostKeys }, (_, v) => v)

const query = 0
const inside = 3

/** Proves all verdicts, or returns null. */
export function proveSmall(keys: KeySet, tolerance: number, keep: boolean): Proven | null {
  const { data, n, d, bias } = keys
  if (bias !== null || n > mostKeys || d > mostNumbers || !usesModule()) return null
  const first = every.subarray(0, n)
  const centre = centreOf(keys, first)
  const exponent = spreadOf(keys, first, centre)
  const [third, , rest] = powersOf(-exponent)
  const sets = smallSets()
  sets.keys.set(data)
  sets.centre.set(centre)
  const scaled = ldexp(tolerance, -exponent)
  const { relative, absolute, factor } = acceptanceTerms(d)
  const open = sets.compare(n, d, third, rest, scaled, relative, absolute, factor)
  if (open < 0 || (open > 0 && !settles(sets, n, d, open, scaled))) return null
  return readFound(sets, { keys, centre, exponent }, open, keep)
}

/** Whether the search settles all open keys; see `search.ts`. */
function settles(sets: SmallSets, n: number, d: number, open: number, scaled: number): boolean {
  const { z, norms, integers } = sets
  if (!spansClearly(z, n, d, scaled)) return false
  const largest = norms[0]
  const reach = reachOf(scaled, roundingOf(d, largest))
  sets.search(n, d, open, reach, stepLimit(d), scaled * beyond, scoreSlack(d, largest), dependence(d))
  for (let at = 0; at < open; at++) {
    const end = integers[2 * mostKeys + at]
    if (end !== query && end !== inside) return false
  }
  return true
}

/** What was found, by the keys' own indices. */
function readFound(
  { found, integers }: SmallSets,
  frame: Pick<Frame, 'keys' | 'centre' | 'exponent'>,
  open: number,
  keep: boolean,
): Proven {
  const { n, d } = frame.keys
  // For each key 1 more than its place among the open ones, less than 0 where it is unselectable.
  const place = new Int8Array(n)
  for (let at = 0; at < open; at++) {
    const end = integers[2 * mostKeys + at]
    place[integers[integers[mostKeys + at]]] = end === query ? at + 1 : -at - 1
  }
  const size = d + 1
  const proofs = (3 * mostKeys) / 2
  const kept = keep && open > 0 ? found.slice(0, proofs + open * size) : null
  return {
    total: n,
    settled: () => true,
    verdict: (i) => (place[i] < 0 ? 'unselectable' : 'selectable'),
    proof: (i) => {
      if (place[i] === 0 || kept === null) return { verdict: 'selectable', query: centredKey(frame, i) }
      const from = proofs + (Math.abs(place[i]) - 1) * size
      if (place[i] > 0) return { verdict: 'selectable', query: normalise(kept.slice(from, from + d)) }
      const order = new Int32Array(kept.buffer, 0, n)
      return {
        verdict: 'unselectable',
        simplex: Uint32Array.from(new Int32Array(kept.buffer, 8 * from, size), (v) => order[v]),
      }
    },
  }
}
