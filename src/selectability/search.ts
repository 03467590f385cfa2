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

/** The search in the whole space, but for directions that are rounding alone. */
export function createSearch(prepared: Prepared, tolerance: number): Search {
  const { exponent, keys, largest } = prepared
  return searchIn(prepared, tolerance, Math.min(ldexp(tolerance, -exponent), 2 * gamma(keys.d + 8) * largest))
}

/** The search for ties, which leaves out the directions in which the keys' width is within the tolerance; nothing is known yet. */
export function createTieSearch(prepared: Prepared, tolerance: number): Search {
  return searchIn(prepared, tolerance, ldexp(tolerance, -prepared.exponent))
}

function searchIn(prepared: Prepared, tolerance: number, width: number): Search {
  const { z, count, largest, exponent, keys } = prepared
  const scaled = ldexp(tolerance, -exponent)
  const slack = Math.max(scaled, 2 * gamma(keys.d + 8) * largest)
  const span = numericalSpan(z, count, keys.d, width)
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

/** Steps that a walk may take: several times the most that Wolfe's algorithm was measured to need (about 5·d at d = 256). */
export function stepLimit(d: number): number {
  return 200 + 20 * d
}
