/** One distinct key: from the walk's end to a proof that was checked. */
import { compare, dyadic, ldexp, multiply } from './exact/dyadic.ts'
import { hullPoint, provenMargin, provesTie } from './certificate.ts'
import { exactSolver } from './exactly.ts'
import type { ExactSolver } from './exactly.ts'
import { insideSimplex } from './enclosure.ts'
import { proveOnFace } from './face.ts'
import { boundHull, gatherPoints, refineWeights } from './hull.ts'
import type { HullWeights } from './hull.ts'
import { walk } from './nearest.ts'
import { exponentOf, farFrom } from './keyset.ts'
import { moveToHull, moveToKnown } from './pool.ts'
import { acceptanceGap, prepare } from './prepare.ts'
import type { Prepared } from './prepare.ts'
import type { HullProof, Proof } from './proof.ts'
import { createSearch, createTieSearch, stepLimit } from './search.ts'
import type { Search } from './search.ts'
import { findTies } from './tie.ts'

/**
 * Proves the verdict of distinct key v (of its first copy, where it has copies), walking from its distinct rival `start`.
 * `tolerance` is in the keys' own units. A query found in the keys' own space needs no further check: the walk ends on one only
 * when every computed gap exceeds `acceptanceGap`, which proves it.
 */
export function solveKey(search: Search, v: number, start: number, tolerance: number, exact: ExactSolver): Proof {
  const { prepared, pool, corral, scratch, reduced, slack } = search
  const { keys, first, copies, place } = prepared
  const i = first[v]
  const alone = copies[v] === 1
  const row = pool.place[v] * pool.d
  const origin = pool.data.slice(row, row + pool.d)
  const threshold = acceptanceGap(prepared, v, tolerance)
  let end = walk(pool, corral, scratch, origin, v, start, threshold, slack, stepLimit(pool.d))
  let ridge = 1
  while (end === 'stuck') {
    const finer = corral.nearest.reduce((sum, x) => sum + x * x, 0)
    if (!(finer < ridge / 2)) break
    ridge = finer
    end = walk(pool, corral, scratch, origin, v, start, threshold, slack, stepLimit(pool.d), ridge)
  }
  const copy = alone ? -1 : place.findIndex((w, j) => w === v && j !== i)
  const besideCopy = { support: Uint32Array.of(copy), weights: Float64Array.of(1), exact: false }
  const fallBack = (): Proof => exact(i, tolerance, corralKeys(search), null)
  if (end === 'query') {
    const found = search.lift(normalise(corral.nearest.map((x) => -x)))
    if (alone && !reduced) {
      moveToKnown(pool, v)
      return { verdict: 'selectable', query: found }
    }
    if (alone) {
      const { exceeds } = provenMargin(keys, i, found, tolerance)
      return exceeds ? { verdict: 'selectable', query: found } : fallBack()
    }
    const query = unit(found)
    if (provesTie(keys, i, query, tolerance) === null) return { verdict: 'tied', query, ...besideCopy }
    return tolerance > 0 ? proveNear(search, v, tolerance, besideCopy) : fallBack()
  }
  if (tolerance === 0) return proveInside(search, v) ?? proveNearFace(search, v) ?? fallBack()
  const hull = alone ? corralHull(search, i) : { ...besideCopy, bound: 0 }
  const within = withinTolerance(search, i, hull, tolerance)
    ? hull
    : [keyHull(search, v)].find((found) => withinTolerance(search, i, found, tolerance))
  if (within === undefined) return fallBack()
  const proof = { support: within.support, weights: within.weights, exact: false }
  if (findTies(search, v, true).inside) {
    moveToHull(pool, v)
    return { verdict: 'unselectable', ...proof }
  }
  const ties = createTieSearch(prepared, tolerance)
  const around = ties.points.slice(v * ties.pool.d, (v + 1) * ties.pool.d)
  walk(ties.pool, ties.corral, ties.scratch, around, v, nearestKey(search, v), threshold, slack, stepLimit(ties.pool.d))
  for (const candidate of findTies(ties, v, true).queries) {
    const query = unit(ties.lift(candidate))
    if (provesTie(keys, i, query, tolerance) === null) return { verdict: 'tied', query, ...proof }
  }
  return proveNear(search, v, tolerance, proof)
}

/**
 * Above tolerance 0, with weights within it: the query that the key has at tolerance 0, in the whole set or without the keys that
 * are within the tolerance of it, may prove a tie; else it is unselectable.
 */
function proveNear({ prepared }: Search, v: number, tolerance: number, hull: HullProof): Proof {
  const { keys, first } = prepared
  const i = first[v]
  const whole = (): Proof => proveAtZero(prepared, i)
  const apart = (): Proof => {
    const far = farFrom(keys, i, tolerance)
    return far.n === 1 ? whole() : proveAtZero(prepare(far), 0)
  }
  for (const prove of [whole, apart]) {
    const found = prove()
    if (found.verdict === 'unselectable') continue
    const { query: own, exactQuery } = found
    const query = exactQuery === undefined ? unit(own) : own
    if (provesTie(keys, i, query, tolerance) === null) return { verdict: 'tied', query, ...hull }
    if (exactQuery !== undefined && provesTie(keys, i, own, tolerance, exactQuery) === null) {
      return { verdict: 'tied', query, exactQuery, ...hull }
    }
  }
  return { verdict: 'unselectable', ...hull }
}

function proveAtZero(prepared: Prepared, i: number): Proof {
  const { keys, place, count } = prepared
  if (count === 1)
    return { verdict: 'selectable', query: Float64Array.from({ length: keys.d }, (_, c) => (c === 0 ? 1 : 0)) }
  const search = createSearch(prepared, 0)
  const v = place[i]
  return solveKey(search, v, nearestKey(search, v), 0, exactSolver(keys))
}

/** The keys of the corral, as likely members of the support. */
function corralKeys({ corral, prepared: { first } }: Search): number[] {
  return Array.from(corral.labels.subarray(0, corral.size()), (w) => first[w])
}

/** Refined weights of the corral's points. */
function corralHull(search: Search, i: number): HullWeights {
  const { corral, prepared } = search
  const { keys, exponent } = prepared
  const support = corralKeys(search)
  const points = gatherPoints(keys, i, support, exponent)
  return boundHull(points, keys.d, support, refineWeights(points, keys.d, corral))
}

/** At tolerance 0: the corral as a simplex with the key proven to be inside. */
function proveInside({ corral, pool, reduced, prepared: { keys, first, exponent } }: Search, v: number): Proof | null {
  const { d } = keys
  if (reduced || corral.size() !== d + 1) return null
  const support = Uint32Array.from(corral.labels.subarray(0, d + 1), (w) => first[w])
  const points = gatherPoints(keys, first[v], support, exponent)
  if (!insideSimplex(points, d, refineWeights(points, d, corral))) return null
  moveToHull(pool, v)
  return { verdict: 'unselectable', simplex: support }
}

/** At tolerance 0: tied on a face of the corral or just outside one, where a query near a floating-point one proves it. */
function proveNearFace(search: Search, v: number): Proof | null {
  const { corral, reduced, prepared } = search
  const { keys, first, copies } = prepared
  if (reduced) return null
  const i = first[v]
  const nearest = normalise(corral.nearest.map((x) => -x))
  const { face, queries } = findTies(search, v, true)
  if (copies[v] === 1) {
    for (const query of [nearest, ...queries]) {
      if (provenMargin(keys, i, query, 0).exceeds) return { verdict: 'selectable', query }
    }
  }
  return proveOnFace(
    keys,
    i,
    face.map((w) => first[w]),
    queries,
  )
}

/** The distinct key nearest to v. */
function nearestKey({ prepared: { z, count, keys } }: Search, v: number): number {
  const { d } = keys
  let nearest = -1
  let least = Infinity
  for (let w = 0; w < count; w++) {
    let sum = 0
    for (let c = 0; c < d; c++) sum += (z[w * d + c] - z[v * d + c]) ** 2
    if (w !== v && sum < least) {
      least = sum
      nearest = w
    }
  }
  return nearest
}

/** The nearest key as a hull of its own: what is left to try where rounding lost the walk's weights. */
function keyHull(search: Search, v: number): HullWeights {
  const nearest = search.prepared.first[nearestKey(search, v)]
  return { support: Uint32Array.of(nearest), weights: Float64Array.of(1), bound: Infinity }
}

function withinTolerance(
  { tolerance: scaled, prepared }: Search,
  i: number,
  hull: HullWeights,
  tolerance: number,
): boolean {
  if (hull.bound <= scaled) return true
  if (hull.support.length === 0) return false
  const { sqDistance, sqTotal } = hullPoint(prepared.keys, i, hull.support, hull.weights)
  return compare(sqDistance, multiply(multiply(dyadic(tolerance), dyadic(tolerance)), sqTotal)) <= 0
}

/** Scales a query to a largest entry between 1 and 2 by a power of two, so that what was proven of it stays proven. */
function normalise(q: Float64Array): Float64Array {
  const e = exponentOf(q)
  return q.map((x) => ldexp(x, -e))
}

/** `q/‖q‖`, rounded; where q is 0 it stays 0. */
function unit(q: Float64Array): Float64Array {
  const norm = Math.hypot(...q)
  return norm > 0 ? q.map((x) => x / norm) : q
}
