/**
 * Whether a key of the hull of others lies inside it or on its boundary, within a tolerance.
 *
 * Inside is seen from a full corral: in a simplex with barycentric weights λ the key is `λ_s/‖∇λ_s‖` away from the facet opposite
 * point s. Otherwise the face that the key lies on is projected away, and the same nearest-point search, in what is left,
 * finds a query that is constant on the face and lower elsewhere, or a larger face (facial reduction; see `exact/decide.ts`).
 */
import { gamma } from './bounds.ts'
import type { Corral } from './corral.ts'
import { createCorral } from './corral.ts'
import { multiplyRows } from './exact/rows.ts'
import { createScratch, walk } from './nearest.ts'
import { createPool } from './pool.ts'
import { roundingOf, stepLimit } from './search.ts'
import type { Search } from './search.ts'
import { extend, orthogonalise } from './span.ts'

/** The corral's points that carry weight: the key is farther than `slack` from the facet opposite each. */
interface Face {
  readonly labels: number[]
  /**
   * Less than the distance from the key to the nearest facet of the corral; 0 where rounding leaves it unknown. With B the points with
   * √σ below, the weights' error is `B⁻¹(b − Bλ)`, so a residual r moves `λ_s/‖row s of B⁻¹‖` by at most ‖r‖.
   */
  readonly depth: number
  /** Outward normals of the facets within `slack`, in the pool's coordinates. */
  readonly normals: Float64Array[]
}

function faceOf(corral: Corral, d: number, slack: number, rounding: number): Face {
  const m = corral.size()
  const ridge = corral.ridge()
  const width = d + 1
  const inverse = corral.inverse(new Float64Array(width * width))
  let size = 0
  let total = -1
  const steepness = new Float64Array(m)
  const residual = new Float64Array(d)
  for (let s = 0; s < m; s++) {
    let sqSum = 0
    for (let c = s; c < m; c++) sqSum += inverse[s * width + c] ** 2
    steepness[s] = Math.sqrt(sqSum)
    total += corral.weights[s]
    let sqLength = ridge
    for (let c = 0; c < d; c++) {
      const x = corral.points[s * d + c]
      sqLength += x * x
      residual[c] += corral.weights[s] * x
    }
    size += Math.sqrt(sqLength) * steepness[s]
  }
  const known = gamma(d + m + 4) * m * size * size < 0.25
  const off = Math.hypot(Math.sqrt(ridge) * total, ...residual) + rounding
  const labels: number[] = []
  const normals: Float64Array[] = []
  let depth = Infinity
  for (let s = 0; s < m; s++) {
    const distance = corral.weights[s] / steepness[s]
    depth = Math.min(depth, distance - off)
    if (distance > slack) labels.push(corral.labels[s])
    else normals.push(gradient(corral, inverse, d, s))
  }
  return { labels, depth: known ? depth / 2 : 0, normals }
}

/** `−∇λ_s`: row s of `(σ·e·eᵀ + AᵀA)⁻¹Aᵀ`, the direction out of the simplex through the facet opposite point s. */
function gradient(corral: Corral, inverse: Float64Array, d: number, s: number): Float64Array {
  const m = corral.size()
  const width = d + 1
  const normal = new Float64Array(d)
  for (let t = 0; t < m; t++) {
    let factor = 0
    for (let c = Math.max(s, t); c < m; c++) factor += inverse[s * width + c] * inverse[t * width + c]
    for (let c = 0; c < d; c++) normal[c] -= factor * corral.points[t * d + c]
  }
  return normal
}

/** Queries that may put distinct key v at the maximum, best guess first; `inside` when the corral proves that none does. */
export interface Ties {
  /** The distinct keys of the smallest face of the corral that the key is on, to rounding. */
  readonly face: readonly number[]
  readonly inside: boolean
  /** Found as they are asked for, once: most keys need the first few, or none. */
  readonly queries: Iterable<Float64Array>
}

/** Rounds of projection that a query is given, and how many queries and axes get them: a few find what more would. */
const settleRounds = 64
const settledQueries = 4
const settledAxes = 8

/**
 * Above tolerance 0 a tie's query need only come within the tolerance of the maximum. Turns a unit query, by projection onto the
 * half-space that it violates most, until it does, or gives up.
 */
function settle(
  { n, d, tolerance }: Search,
  v: number,
  away: Float64Array,
  rises: Float64Array,
  query: Float64Array,
): Float64Array {
  const q = query.slice()
  for (let round = 0; round < settleRounds; round++) {
    const length = Math.hypot(...q)
    let worst = -1
    let most = -Infinity
    if (!(length > 0)) return query
    for (let c = 0; c < d; c++) q[c] /= length
    multiplyRows(away, n, d, q, rises)
    for (let j = 0; j < n; j++) {
      if (j !== v && rises[j] > most) {
        most = rises[j]
        worst = j
      }
    }
    if (!(most > tolerance)) break
    let sqDist = 0
    for (let c = 0; c < d; c++) sqDist += away[worst * d + c] ** 2
    if (!(sqDist > 0)) break
    const step = (most - (7 / 8) * tolerance) / sqDist
    for (let c = 0; c < d; c++) q[c] -= step * away[worst * d + c]
  }
  return q
}

/** n×d: all points, taken from that of a key. */
function pointsAround({ points, n, d }: Search, v: number): Float64Array {
  const away = points.slice()
  for (let j = 0, at = 0; j < n; j++) for (let c = 0; c < d; c++, at++) away[at] -= points[v * d + c]
  return away
}

/** The queries, and above tolerance 0 what the first of them, the key's own direction and the axes settle to. */
function* withSettled(search: Search, v: number, queries: readonly Float64Array[]): Generator<Float64Array> {
  const { points, n, d, tolerance } = search
  yield* queries
  if (tolerance === 0) return
  const starts = [...queries.slice(0, settledQueries), points.slice(v * d, (v + 1) * d)]
  for (let c = 0; c < Math.min(d, settledAxes); c++) {
    for (const sign of [1, -1]) starts.push(Float64Array.from({ length: d }, (_, at) => (at === c ? sign : 0)))
  }
  yield* starts
  const away = pointsAround(search, v)
  const rises = new Float64Array(n)
  for (const start of starts) if (start.some((x) => x !== 0)) yield settle(search, v, away, rises, start)
}

/** The face that the key is on of the search's corral, which holds its hull point; and whether the corral proves that no query puts it at the maximum. */
function faceOfCorral({ corral, d, slack, prepared }: Search): Face & { readonly inside: boolean } {
  const face = faceOf(corral(), d, slack, roundingOf(d, prepared.largest))
  return { ...face, inside: corral().size() === d + 1 && face.depth > slack }
}

/** Whether the corral that holds a key's hull point proves that no query puts the key at the maximum. */
export function isInside(search: Search): boolean {
  return faceOfCorral(search).inside
}

/** Points around a key, without their parts in the span of its face: row s is that of point `labels[s]`. */
interface Rests {
  readonly rows: Float64Array
  readonly labels: Int32Array
  count: number
}

/**
 * Takes from the rows their parts along basis vectors `[from, rank)`, once they have none along those before. Members of the face, and
 * what is no longer than `slack`, stay behind for good. Returns the place of the shortest row.
 */
function takeAway(
  rests: Rests,
  members: ReadonlySet<number>,
  basis: Float64Array,
  d: number,
  from: number,
  rank: number,
  slack: number,
): number {
  const { rows, labels } = rests
  const added = basis.subarray(from * d)
  let kept = 0
  let start = -1
  let shortest = Infinity
  for (let s = 0; s < rests.count; s++) {
    if (members.has(labels[s])) continue
    const row = rows.subarray(s * d, (s + 1) * d)
    const rest = orthogonalise(row, added, rank - from)
    if (!(rest > slack)) continue
    if (rest < shortest) {
      shortest = rest
      start = kept
    }
    rows.set(row, kept * d)
    labels[kept++] = labels[s]
  }
  rests.count = kept
  return start
}

/**
 * Looks for ties of distinct key v, whose hull point the search's corral holds.
 *
 * At most rank rounds of search, before which the others lose their parts along what the round before has found: O(n·d·rank) beside the walks.
 */
export function findTies(search: Search, v: number): Ties {
  const { points, n, d, slack } = search
  const rounding = roundingOf(d, search.prepared.largest)
  const face = faceOfCorral(search)
  if (face.inside) return { face: face.labels, inside: true, queries: [] }
  const candidates = [...face.normals]
  const basis = new Float64Array(d * d)
  const scratch = new Float64Array(d)
  const members = new Set<number>(face.labels)
  members.add(v)
  let rank = 0
  const grow = (labels: readonly number[], base: number): void => {
    for (const j of labels) {
      for (let c = 0; c < d; c++) scratch[c] = points[j * d + c] - points[base * d + c]
      if (rank < d) rank = extend(basis, rank, scratch, slack)
    }
  }
  if (face.labels.length > 0) grow(face.labels, face.labels[0])
  const inner = createCorral(d)
  const rests = { rows: pointsAround(search, v), labels: Int32Array.from({ length: n }, (_, j) => j), count: n }
  let taken = 0
  for (let round = 0; round <= d; round++) {
    const start = takeAway(rests, members, basis, d, taken, rank, slack)
    if (start < 0) break
    const pool = createPool(rests.rows.slice(0, rests.count * d), rests.count, d)
    const end = walk(pool, inner, createScratch(d), new Float64Array(d), -1, start, rounding, slack, stepLimit(d))
    if (end !== 'hull') {
      const query = inner.nearest.map((x) => -x)
      orthogonalise(query, basis, rank)
      candidates.unshift(query)
      break
    }
    taken = rank
    const found = faceOf(inner, d, slack, rounding).labels.map((s) => rests.labels[s])
    for (const j of found) members.add(j)
    grow(found, v)
    if (rank === taken) break
  }
  return { face: face.labels, inside: false, queries: withSettled(search, v, candidates) }
}
