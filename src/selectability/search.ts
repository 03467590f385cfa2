/** What the search for one key needs of the whole set: coordinates in its span, the pool of rivals, and scratch. */
import { usesModule } from '../kernels/backend.ts'
import { createWalker } from '../kernels/simd/walker.ts'
import type { Walker } from '../kernels/simd/walker.ts'
import { gamma } from './bounds.ts'
import { createCorral } from './corral.ts'
import type { Corral } from './corral.ts'
import { ldexp } from './exact/dyadic.ts'
import { createScratch } from './nearest.ts'
import type { Scratch } from './nearest.ts'
import { unitRoundoff } from './keyset.ts'
import { createLedger, createPool } from './pool.ts'
import type { Ledger, Moves } from './pool.ts'
import { normsOf } from './prepare.ts'
import type { Prepared } from './prepare.ts'
import { coordinatesIn, liftFrom, numericalSpan, spansClearly } from './span.ts'

export interface Search {
  readonly prepared: Prepared
  /** Coordinates of the n distinct keys in their numerical span, of dimension d, row v that of key v. */
  readonly points: Float64Array
  readonly n: number
  readonly d: number
  /** The same rows in the order in which they are priced, and how they came to it. */
  readonly ledger: Ledger
  readonly corral: () => Corral
  readonly scratch: () => Scratch
  /** The same walk on the module, where it pays to keep the keys there. */
  readonly walker: Walker | null
  /** Whether directions were left out, so that what holds in the pool must be checked again outside. */
  readonly reduced: boolean
  /** Tolerance in units of the pool. */
  readonly tolerance: number
  /** Distances in the pool below this are rounding, or within the tolerance. */
  readonly slack: number
  /** A walk that comes this near has arrived: rounding below the tolerance, so that the weights prove it. */
  readonly reach: number
  readonly lift: (q: Float64Array) => Float64Array
  /** A query of the keys' own space without the directions that were left out. */
  readonly flatten: (q: Float64Array) => Float64Array
}

/** `narrow` leaves out the directions in which the keys' width is within the tolerance; `wide`, where it differs, only rounding. */
export interface Searches {
  readonly narrow: Search
  readonly wide: () => Search | null
  /** Gives back what other searches can use again; none of these may follow. */
  readonly close: () => void
}

/** `onModule` lets walks run in SIMD; without, what is found for a key is the same on every backend. */
export function createSearches(prepared: Prepared, tolerance: number, onModule: boolean): Searches {
  const { exponent, keys, largest } = prepared
  const scaled = ldexp(tolerance, -exponent)
  const narrow = searchIn(prepared, tolerance, scaled, onModule)
  const rounding = roundingOf(keys.d, largest)
  // Few keys need it, and it keeps the whole set once more: made when it is first asked for.
  let wide: Search | null = null
  const differs = narrow.reduced && rounding < scaled
  return {
    narrow,
    wide: () => (differs ? (wide ??= searchIn(prepared, tolerance, rounding, onModule)) : null),
    close: () => {
      narrow.walker?.close()
      wide?.walker?.close()
    },
  }
}

/** The same search with nothing known yet, in float64 alone: what it finds for a key depends neither on the keys before nor on the backend. */
export function startAgain(search: Search): Search {
  const { prepared, points, n, d, reduced, tolerance, slack, reach, lift, flatten } = search
  const ledger = createLedger(() => createPool(points.slice(), n, d))
  return {
    ...{ prepared, points, n, d, ledger, reduced, tolerance, slack, reach, lift, flatten },
    corral: once(() => createCorral(d)),
    scratch: once(() => createScratch(d)),
    walker: null,
  }
}

/** What is made when it is first asked for: by a function, since a getter costs a small set a tenth of its time. */
function once<T>(make: () => T): () => T {
  let made: T | null = null
  return () => (made ??= make())
}

function searchIn(prepared: Prepared, tolerance: number, width: number, onModule: boolean): Search {
  const { z, count, norms, largest, exponent, keys } = prepared
  const scaled = ldexp(tolerance, -exponent)
  const rounding = roundingOf(keys.d, largest)
  const span = spansClearly(z, count, keys.d, width) ? null : numericalSpan(z, count, keys.d, width)
  // Keys that are all equal to rounding span nothing, and are searched among as they are.
  const basis = span !== null && span.rank > 0 && span.rank < keys.d ? span : null
  const d = basis?.rank ?? keys.d
  const points = basis === null ? z : coordinatesIn(z, count, keys.d, basis)
  const lift = (q: Float64Array): Float64Array => (basis === null ? q.slice() : liftFrom(q, keys.d, basis))
  const ledger = createLedger(() => createPool(points.slice(), count, d))
  return {
    prepared,
    points,
    n: count,
    d,
    ledger,
    lift,
    // With a walker few keys need these.
    corral: once(() => createCorral(d)),
    scratch: once(() => createScratch(d)),
    walker: onModule ? walkerFor(points, basis === null ? norms : normsOf(points, count, d), d, largest) : null,
    reduced: span !== null && span.rank < keys.d,
    tolerance: scaled,
    slack: Math.max(scaled, rounding),
    reach: reachOf(scaled, rounding),
    flatten: (q) => (basis === null ? q : lift(coordinatesIn(q, 1, keys.d, basis))),
  }
}

/**
 * A float32 score of a unit vector: two conversions and d + 1 roundings of at most 2^−24 each, so γ_{d+3} of `largest`; one more pays for
 * second-order terms and for lengths that are off by float64 roundings, and (d + 4)·2^−140 for what underflows.
 */
export function scoreSlack(d: number, largest: number): number {
  return gamma(d + 4, unitRoundoff.float32) * largest + (d + 4) * 2 ** -140
}

/** Share of a point's squared length below which what is independent in it is rounding. */
export function dependence(d: number): number {
  return gamma(2 * d + 3)
}

/** Distances in the pool below this are rounding. */
export function roundingOf(d: number, largest: number): number {
  return 2 * gamma(d + 8) * largest
}

/** A walk that comes this near has arrived: rounding below the tolerance, so that the weights prove it. */
export function reachOf(tolerance: number, rounding: number): number {
  return Math.max(tolerance - rounding, rounding)
}

/** @param norms of the points, whose dimension is d */
export function walkerFor(points: Float64Array, norms: Float64Array, d: number, largest: number): Walker | null {
  if (!usesModule()) return null
  return createWalker(points, norms.length, d, norms, scoreSlack(d, largest), dependence(d))
}

/** Steps that a walk may take: several times the most that Wolfe's algorithm was measured to need (about 5·d at d = 256). */
export function stepLimit(d: number): number {
  return 200 + 20 * d
}

/** What searches learn from one another: the moves of their pools, and simplices to try in few dimensions, as the walker gives them. */
export interface News extends Moves {
  readonly simplices: Int32Array
}

export const noNews: News = { known: new Int32Array(0), hull: new Int32Array(0), simplices: new Int32Array(0) }

/** Lets a search know which vertices other walks needed, which points they found in the hull of others, and in which simplices. */
export function announce({ ledger, walker }: Search, moves: News): void {
  ledger.hear(moves)
  if (walker === null) return
  for (const v of moves.known) walker.addKnown(v)
  walker.hearSimplices(moves.simplices)
}

/** Runs searches, then takes back what they learnt, so that the next begin as these did; says what that was. */
export function forgetting<T>({ ledger, walker }: Search, run: () => T): { readonly result: T; readonly moves: News } {
  ledger.begin()
  const count = walker?.knownCount() ?? 0
  const result = run()
  const moves = ledger.takeBack()
  if (walker === null) return { result, moves: { ...moves, simplices: noNews.simplices } }
  const known = walker.known.slice(count, walker.knownCount())
  walker.truncateKnown(count)
  return { result, moves: { known, hull: moves.hull, simplices: walker.simplices() } }
}
