/**
 * Reflections and Wolfe's walk on the module: the keys, resident in both types of number, and one corral.
 *
 * It has an instance of the module to itself. All its memory is laid out when it is made, so its views stay valid.
 */
import { borrow, giveBack } from './module.ts'

/** How a walk ended; see `src/selectability/nearest.ts`. */
export type WalkEnd = 'query' | 'hull' | 'stuck'

export interface Walker {
  /** Walks from key `start` around key `own`; the corral has where it came to. */
  walk(own: number, start: number, threshold: number, reach: number, maxSteps: number, ridge: number): WalkEnd
  /**
   * Settles each of at most `batchKeys` keys: by reflections, by a walk from the simplex around another of them, or by one from its own start.
   *
   * @param distance how far below the others a key must be proven to stay under every query of length 1 to be `inside`; Infinity asks for no proof
   */
  decide(
    keys: ArrayLike<number>,
    starts: ArrayLike<number>,
    thresholds: ArrayLike<number>,
    reach: number,
    maxSteps: number,
    largest: number,
    distance: number,
  ): Decisions
  /** Gives its instance of the module back; it must not be used any more. */
  close(): void
  /** Puts a key among the known vertices, which are priced first. */
  addKnown(j: number): void
  /** How many are known; keys found on walks join them. */
  knownCount(): number
  /** The known vertices, in the order in which they came: the first `knownCount()` count. */
  readonly known: Int32Array
  /** Forgets all but the first `count` known vertices. */
  truncateKnown(count: number): void
  /** Simplices that the last call of `decide` leaves to be tried next: for each d + 1 keys, and one inside. */
  simplices(): Int32Array
  /** Has `decide` try simplices, unless there are none. */
  hearSimplices(simplices: Int32Array): void
  /** Where the walk came to; its views show the next walks too. */
  corral(): CorralParts
}

/** The corral as it is in the module; `src/selectability/corral.ts` has the mathematics. */
export interface CorralParts {
  /** Points now. */
  readonly size: number
  /** Numbers from one row of the factor to the next. */
  readonly pitch: number
  /** Numbers from one point to the next; point s is in row `slots[s]`. */
  readonly stride: number
  readonly points: Float64Array
  readonly factor: Float64Array
  readonly forward: Float64Array
  readonly weights: Float64Array
  readonly nearest: Float64Array
  readonly labels: Int32Array
  readonly slots: Int32Array
}

/** How the search for each key ended, and what proves it; good until the next call. */
export interface Decisions {
  /** `inside`: the corral is a simplex with the key proven to be inside. */
  end(at: number): WalkEnd | 'inside'
  /** The query that was found, d numbers of the module's memory. */
  query(at: number): Float64Array
  /** The simplex around the key: d + 1 keys, by the names that `first` gives them. */
  simplex(at: number, first: Int32Array): Uint32Array
}

/** Keys of a call of `decide`, at most. */
export const batchKeys = 64

/** Simplices that a call of `decide` gives on, at most: as in `assembly/simplices.ts`. */
const mostGiven = 8

const ends: readonly WalkEnd[] = ['query', 'hull', 'stuck']
const allEnds = [...ends, 'inside'] as const
const stripKeys = 8
const groupKeys = 32
/** Numbers that are copied at a time before they are packed. */
const stageSize = 2 ** 16

/**
 * @param data n×d numbers below 2^127 in magnitude
 * @param norms of the rows
 * @param slack bound on the error of a float32 score of a unit vector
 * @param dependence share of a point's squared length below which what is independent in it is rounding
 * @throws RangeError when memory cannot be had; whatever `borrow` throws
 */
export function createWalker(
  data: Float64Array,
  n: number,
  d: number,
  norms: Float64Array,
  slack: number,
  dependence: number,
): Walker {
  const engine = borrow()
  const { float32, float64, search } = engine
  const stride = Math.ceil(d / 4) * 4
  const places = Math.ceil(n / groupKeys) * groupKeys
  const block = Math.max(stripKeys, Math.floor(stageSize / d / stripKeys) * stripKeys)
  const used = float64.view(0, 0).buffer.byteLength
  // All in units of eight bytes: float32 strips take half as many.
  const proofSize = d + 1
  const [rows, corral, strips, known, keys, knownKeys, isKnown, tops, scratch, stage, lists, given, proofs] =
    float64.layout(
      n * stride,
      search.corralSize(d, stride),
      (places * d) / 2,
      (places * d) / 2,
      places / 2,
      places / 2,
      Math.ceil(n / 8),
      places / groupKeys,
      search.scratchSize(d, stride),
      Math.ceil((block * d) / 2),
      3 * batchKeys,
      (mostGiven * (d + 2)) / 2,
      batchKeys * proofSize,
    )
  // An instance that was given back has numbers of its last search, and steps must not depend on them. Memory that is new has zeros.
  const end = Math.min(used, proofs + 8 * batchKeys * proofSize)
  if (end > rows) float64.view(rows, (end - rows) / 8).fill(0)
  if (stride === d) float64.write(rows, data, 0, n * d)
  else {
    const to = float64.view(rows, n * stride)
    for (let j = 0; j < n; j++) for (let c = 0; c < d; c++) to[j * stride + c] = data[j * d + c]
  }
  for (let j0 = 0; j0 < n; j0 += block) {
    const count = Math.min(block, n - j0)
    float32.write(stage, data, j0 * d, count * d)
    float32.packRows(strips + j0 * d * 4, stage, count, d, d, stripKeys)
  }
  const integers = (at: number, count: number): Int32Array => new Int32Array(float64.view(at, 0).buffer, at, count)
  const labels = integers(keys, places).fill(-1)
  for (let j = 0; j < n; j++) labels[j] = j
  integers(knownKeys, places).fill(-1)
  const top = float32.view(tops, places / groupKeys)
  let largest = 0
  for (let j = n - 1; j >= 0; j--) {
    largest = Math.max(largest, norms[j])
    // Rounded up, or pricing might end too early.
    if (j % groupKeys === 0) top[j / groupKeys] = largest * (1 + 2 ** -20)
  }
  search.openCorral(corral, d, stride)
  search.openWalk(n, d, stride, rows, strips, keys, tops, known, knownKeys, isKnown, scratch, slack, dependence)
  const numbers = (part: number, count: number): Float64Array =>
    float64.view(search.corralPart(part), count) as Float64Array
  const corralParts = (): CorralParts => {
    const pitch = search.corralPitch()
    return {
      size: search.corralCount(),
      pitch,
      stride,
      points: numbers(0, pitch * stride),
      factor: numbers(1, pitch * pitch),
      forward: numbers(2, pitch),
      weights: numbers(3, pitch),
      nearest: numbers(4, d),
      labels: integers(search.corralPart(5), pitch),
      slots: integers(search.corralPart(6), pitch),
    }
  }
  // Keys, starts and ends are half as wide as thresholds.
  const [atStarts, atEnds, atThresholds] = [4, 8, 12].map((bytes) => lists + bytes * batchKeys)
  const [list, begin, endOf] = [lists, atStarts, atEnds].map((at) => integers(at, batchKeys))
  const gaps = float64.view(atThresholds, batchKeys)
  const queries = float64.view(proofs, batchKeys * proofSize) as Float64Array
  const simplices = integers(proofs, 2 * batchKeys * proofSize)
  const shared = integers(given, mostGiven * (d + 2))
  let heard: Int32Array = new Int32Array(0)
  let found = heard
  const decisions: Decisions = {
    end: (at) => allEnds[endOf[at]],
    query: (at) => queries.subarray(at * proofSize, at * proofSize + d),
    simplex: (at, first) => {
      const simplex = new Uint32Array(d + 1)
      for (let s = 0, from = 2 * at * proofSize; s <= d; s++, from++) simplex[s] = first[simplices[from]]
      return simplex
    },
  }
  return {
    decide: (keys, starts, thresholds, reach, maxSteps, largest, distance) => {
      const count = keys.length
      for (let at = 0; at < count; at++) {
        list[at] = keys[at]
        begin[at] = starts[at]
        gaps[at] = thresholds[at]
      }
      const size = 8 * proofSize
      shared.set(heard)
      const entries = search.decide(
        lists,
        atStarts,
        atThresholds,
        count,
        reach,
        maxSteps,
        largest,
        distance,
        atEnds,
        proofs,
        size,
        given,
        heard.length / (d + 2),
      )
      found = shared.slice(0, entries * (d + 2))
      return decisions
    },
    walk: (own, start, threshold, reach, maxSteps, ridge) =>
      ends[search.walk(own, start, threshold, reach, maxSteps, ridge)],
    close: () => giveBack(engine),
    addKnown: search.addKnown,
    knownCount: search.knownCount,
    known: integers(knownKeys, n),
    truncateKnown: search.truncateKnown,
    corral: corralParts,
    simplices: () => found,
    hearSimplices: (simplices) => {
      if (simplices.length > 0) heard = simplices
    },
  }
}
