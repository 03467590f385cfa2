/** One distinct key: from the walk's end to a proof that was checked. */
import { provenMargin, provesTie } from './certificate.ts'
import { insideSimplex } from './enclosure.ts'
import { exactSolver } from './exactly.ts'
import type { ExactSolver } from './exactly.ts'
import { proveOnFace } from './face.ts'
import { gatherPoints, refineWeights } from './hull.ts'
import { farFrom } from './far.ts'
import { walk } from './nearest.ts'
import type { Walk } from './nearest.ts'
import type { Walker } from '../kernels/simd/walker.ts'
import { acceptanceGap } from './acceptance.ts'
import { prepare } from './prepare.ts'
import type { Prepared } from './prepare.ts'
import type { HullProof, Proof } from './proof.ts'
import { createSearches, forgetting, startAgain, stepLimit } from './search.ts'
import type { Search, Searches } from './search.ts'
import { findTies, isInside } from './tie.ts'
import { normalise, unit } from './query.ts'
import { corralKeys, hullWithin, nearestKey } from './within.ts'

/**
 * Proves the verdict of distinct key v (of its first copy, where it has copies), walking from its distinct rival `start`; first in
 * the span of the keys within the tolerance, then, where that leaves it open, in the whole space. `tolerance` is in the keys' own
 * units.
 */
export function solveKey(searches: Searches, v: number, start: number, tolerance: number, exact: ExactSolver): Proof {
  const { narrow } = searches
  const attempt = (search: Search): Proof | HullProof | null => {
    const end = walkOut(search, v, start, tolerance)
    return end === 'query' ? proveQuery(search, v, tolerance) : proveHull(search, v, tolerance)
  }
  let proof = attempt(narrow)
  const wide = proof === null ? searches.wide() : null
  // Of the wide search nothing is announced to other jobs, so that it must not learn.
  if (wide !== null) proof = forgetting(wide, () => attempt(wide)).result
  if (proof !== null) return 'verdict' in proof ? proof : proveTie(narrow, v, tolerance, proof)
  const decided = exact(narrow.prepared.first[v], tolerance, corralKeys(wide ?? narrow), null)
  if (tolerance === 0 || decided.verdict === 'selectable' || 'simplex' in decided) return decided
  const { support, weights, exact: onSupport } = decided
  return proveTie(narrow, v, tolerance, { support, weights, exact: onSupport })
}

/** A corral whose points are this near to one another, by squares in units of the ridge, is known too badly with it. */
const near = 2 ** -20

/** Walks to an end; where rounding stops the walk, or its corral is far smaller than the ridge, again with a ridge of the size of what it has come to. */
function walkOut(search: Search, v: number, start: number, tolerance: number): Walk {
  const { prepared, points, d, reach, walker } = search
  const corral = search.corral()
  const threshold = acceptanceGap(prepared, v, tolerance)
  const walkHere = (ridge: number): Walk => {
    const origin = points.slice(v * d, (v + 1) * d)
    return walk(search.ledger.pool(), corral, search.scratch(), origin, v, start, threshold, reach, stepLimit(d), ridge)
  }
  const walkThere = (there: Walker, ridge: number): Walk => {
    const end = there.walk(v, start, threshold, reach, stepLimit(d), ridge)
    corral.load(there.corral(), ridge)
    return end === 'stuck' ? walkHere(ridge) : end
  }
  for (let ridge = 1; ;) {
    const end = walker === null ? walkHere(ridge) : walkThere(walker, ridge)
    if (end === 'query') return end
    const [finer, most] =
      end === 'hull' ? [corral.scale(), near] : [corral.nearest.reduce((sum, x) => sum + x * x, 0), 1 / 2]
    if (!(finer < most * ridge)) return end
    ridge = finer
  }
}

/** Another key with the same coordinates as the first copy of v, as a hull of its own; null when there is none. */
function copyOf({ place, first, copies }: Prepared, v: number): HullProof | null {
  if (copies[v] === 1) return null
  const copy = place.findIndex((w, j) => w === v && j !== first[v])
  return { support: Uint32Array.of(copy), weights: Float64Array.of(1), exact: false }
}

/**
 * The proof by the query that a walk ended on. In the keys' own space it needs no further check: a walk ends on a query only when every
 * computed gap exceeds `acceptanceGap`, which proves it. Null where that does not hold in all dimensions.
 */
export function selectedBy(search: Search, v: number, direction: Float64Array, tolerance: number): Proof | null {
  const { keys, first } = search.prepared
  const query = liftQuery(search, direction)
  if (search.reduced && !provenMargin(keys, first[v], query, tolerance).exceeds) return null
  return { verdict: 'selectable', query }
}

function liftQuery({ lift, reduced }: Search, direction: Float64Array): Float64Array {
  return normalise(reduced ? lift(normalise(direction)) : direction)
}

/** From the walk's query: that it selects the key, or, where the key has copies, that they tie. */
function proveQuery(search: Search, v: number, tolerance: number): Proof | HullProof | null {
  const { prepared } = search
  const direction = search.corral().nearest.map((x) => -x)
  const copy = copyOf(prepared, v)
  if (copy !== null) {
    const short = unit(liftQuery(search, direction))
    if (provesTie(prepared.keys, prepared.first[v], short, tolerance) === null)
      return { verdict: 'tied', query: short, ...copy }
    return tolerance > 0 ? copy : null
  }
  return selectedBy(search, v, direction, tolerance)
}

/** From the walk's hull point: a proof, or above tolerance 0 the weights alone, which leave ties open. */
function proveHull(search: Search, v: number, tolerance: number): Proof | HullProof | null {
  if (tolerance === 0) return proveInside(search, v) ?? proveNearFace(search, v)
  const within = copyOf(search.prepared, v) ?? hullWithin(search, v, tolerance)
  if (within === null || !isInside(search)) return within
  search.ledger.noteHull(v)
  return { verdict: 'unselectable', ...within }
}

/** At tolerance 0: the corral as a simplex with the key proven to be inside. */
function proveInside(search: Search, v: number): Proof | null {
  const { ledger, reduced, prepared } = search
  const corral = search.corral()
  const { keys, first, exponent } = prepared
  if (reduced || corral.size() !== keys.d + 1) return null
  const simplex = Uint32Array.from(corralKeys(search))
  const points = gatherPoints(keys, first[v], simplex, exponent)
  if (!insideSimplex(points, keys.d, refineWeights(points, keys.d, corral))) return null
  ledger.noteHull(v)
  return { verdict: 'unselectable', simplex }
}

/** At tolerance 0: tied on a face of the corral or just outside one, where a query near a floating-point one proves it. */
function proveNearFace(search: Search, v: number): Proof | null {
  const { reduced, prepared } = search
  const { keys, first, copies } = prepared
  if (reduced) return null
  const i = first[v]
  const { face, queries: candidates } = findTies(search, v)
  const queries = [...candidates]
  if (copies[v] === 1) {
    for (const query of [normalise(search.corral().nearest.map((x) => -x)), ...queries]) {
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

/**
 * Above tolerance 0, with weights within it: tied or unselectable. The search starts again with nothing known, so that the
 * answer does not depend on the keys decided before.
 */
function proveTie(search: Search, v: number, tolerance: number, hull: HullProof): Proof {
  const again = startAgain(search)
  const { keys, first } = again.prepared
  walkOut(again, v, nearestKey(again.prepared, v), tolerance)
  const { inside, queries } = findTies(again, v)
  if (inside) {
    search.ledger.noteHull(v)
    return { verdict: 'unselectable', ...hull }
  }
  for (const candidate of queries) {
    const query = unit(again.lift(candidate))
    if (provesTie(keys, first[v], query, tolerance) === null) return { verdict: 'tied', query, ...hull }
  }
  return proveAtZero(again, first[v], tolerance, hull)
}

/** The contract's factor: an exact tie counts above tolerance 0 when its scores spread over more than this many tolerances. */
const clearSpread = 100

/**
 * The query that the key has at tolerance 0, in the whole set or without the keys that are within the tolerance of it, proves a tie
 * if its scores spread clearly; else the key is unselectable. Unless the key is exactly tied, directions that the search left out do
 * not count in a query either: one across a flat set would tie what is deep inside in the plane.
 */
function proveAtZero({ prepared, reduced, flatten }: Search, i: number, tolerance: number, hull: HullProof): Proof {
  const { keys } = prepared
  for (const [set, at] of [
    [prepared, i],
    [prepare(farFrom(keys, i, tolerance)), 0],
  ] as const) {
    const found = set.count === 1 ? null : solveAlone(set, at, 0)
    if (found === null || found.verdict === 'unselectable') continue
    const { exactQuery } = found
    const counts = !reduced || (set === prepared && found.verdict === 'tied')
    const query = unit(counts ? found.query : flatten(found.query))
    const spread = clearSpread * tolerance
    if (provesTie(keys, i, query, tolerance, undefined, spread) === null) return { verdict: 'tied', query, ...hull }
    if (exactQuery !== undefined && counts && provesTie(keys, i, found.query, tolerance, exactQuery, spread) === null) {
      return { verdict: 'tied', query: found.query, exactQuery, ...hull }
    }
  }
  return { verdict: 'unselectable', ...hull }
}

/** Proves one key of a set with at least two distinct keys. */
export function solveAlone(prepared: Prepared, i: number, tolerance: number): Proof {
  const v = prepared.place[i]
  const start = nearestKey(prepared, v)
  return solveKey(createSearches(prepared, tolerance, false), v, start, tolerance, exactSolver(prepared.keys))
}
