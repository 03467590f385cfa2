/**
 * Whole sets of few keys in the module, in memory that is laid out once and used by one set after another: nothing between the first number
 * written and the last one read runs code of the caller, so that no set can begin inside another.
 */
import { borrow } from './module.ts'
import type { Small } from './module.ts'

/** Keys, and numbers of a key, at most: as in `assembly/small.ts`. */
export const mostKeys = 64
export const mostNumbers = 16

export interface SmallSets {
  /** Keys, row-major, and what is subtracted from each. */
  readonly keys: Float64Array
  readonly centre: Float64Array
  /** Centres, orders and compares the keys; see `assembly/small.ts`. */
  readonly compare: Small['compareSmall']
  /** Searches for those that are open. */
  readonly search: Small['searchSmall']
  /** Centred keys, row-major, the longest first, and their norms. */
  readonly z: Float64Array
  readonly norms: Float64Array
  /**
   * What is found, as integers and as numbers: at `mostKeys·k` as integers for k = 0 the order of the keys, for 1 the open ones by their
   * places in it, for 2 how the search for each ended, 0 with a query and 3 inside a simplex; and behind that, `d + 1` numbers apart, what
   * proves it: −q, or d + 1 places as integers.
   */
  readonly found: Float64Array
  readonly integers: Int32Array
}

let sets: SmallSets | null = null

/**
 * The memory for sets of few keys.
 *
 * @throws RangeError when memory cannot be had; whatever `borrow` throws
 */
export function smallSets(): SmallSets {
  return (sets ??= createSets())
}

function createSets(): SmallSets {
  const { float64, search, small } = borrow()
  const size = mostKeys * mostNumbers
  const foundSize = mostKeys * (3 / 2 + mostNumbers + 1)
  // Six lists, and keys in rows and in strips of either type of number, twice.
  const keySize = 6 * mostKeys + 4 * size
  // The most numbers need the largest corral; fewer need simplices besides.
  const walkSize = search.corralSize(mostNumbers, mostNumbers) + search.scratchSize(mostNumbers - 1, mostNumbers)
  const [keys, centre, z, found, room] = float64.layout(size, mostNumbers, size, foundSize, keySize + walkSize)
  small.openSmall(keys, centre, z, found, room)
  const numbers = (at: number, count: number): Float64Array => float64.view(at, count) as Float64Array
  const proven = numbers(found, foundSize)
  return {
    keys: numbers(keys, size),
    centre: numbers(centre, mostNumbers),
    compare: small.compareSmall,
    search: small.searchSmall,
    z: numbers(z, size),
    norms: numbers(room, mostKeys),
    found: proven,
    integers: new Int32Array(proven.buffer, found, 2 * proven.length),
  }
}
