/** What the search for one key needs of the whole set: coordinates in its span, the pool of rivals, and scratch. */
import { gamma } from './bounds.ts'
import { createCorral } from './corral.ts'
import type { Corral } from './corral.ts'
import { ldexp } from './exact/dyadic.ts'
import { createScratch } from './nearest.ts'
import type { Scratch } from './nearest.ts'
import { createPool } from './pool.ts'
import type { Pool } from './pool.ts'
import type { Prepared } from './prepare.ts'
import { coordinatesIn, liftFrom, numericalSpan } from './span.ts'

export interface Search {
  readonly prepared: Prepared
  /** Coordinates of the distinct keys in their numerical span, of dimension `pool.d`, row v that of key v. */
  readonly points: Float64Array
  /** The same rows in the order in which they are priced. */
  readonly pool: Pool
  readonly corral: Corral
  readonly scratch: Scratch
  /** Whether directions were left out, so that what holds in the pool must be checked again outside. */
  readonly reduced: boolean
  /** Tolerance in units of the pool. */
  readonly tolerance: number
  /** Distances in the pool below this are rounding, or within the tolerance. */
  readonly slack: number
  readonly lift: (q: Float64Array) => Float64Array
}

export function createSearch(prepared: Prepared, tolerance: number): Search {
  const { z, count, largest, exponent, keys } = prepared
  const scaled = ldexp(tolerance, -exponent)
  const slack = Math.max(scaled, 2 * gamma(keys.d + 8) * largest)
  const span = numericalSpan(z, count, keys.d, scaled)
  const reduced = span.rank > 0 && span.rank < keys.d
  const d = reduced ? span.rank : keys.d
  const points = reduced ? coordinatesIn(z, count, keys.d, span) : z
  return {
    prepared,
    points,
    pool: createPool(points.slice(), count, d),
    corral: createCorral(d),
    scratch: createScratch(d),
    reduced: span.rank < keys.d,
    tolerance: scaled,
    slack,
    lift: (q) => (reduced ? liftFrom(q, keys.d, span) : q.slice()),
  }
}

/** The same search with nothing known yet: what it finds for a key does not depend on the keys before. */
export function startAgain(search: Search): Search {
  const { points, pool } = search
  return { ...search, pool: createPool(points.slice(), pool.n, pool.d) }
}

/** Steps that a walk may take: several times the most that Wolfe's algorithm was measured to need (about 5·d at d = 256). */
export function stepLimit(d: number): number {
  return 200 + 20 * d
}
