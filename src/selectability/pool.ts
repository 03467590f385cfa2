/**
 * The keys that a search prices, in an order that settles most questions early: vertices known to be extreme come first, then
 * those not decided yet, then those proven to lie in the hull of others.
 */

/** Row-major points and a permutation of their indices, in three stretches: `[0, known)`, `[known, open)`, `[open, n)`. */
export interface Pool {
  readonly data: Float64Array
  readonly n: number
  readonly d: number
  readonly order: Int32Array
  readonly place: Int32Array
  known: number
  open: number
}

export function createPool(data: Float64Array, n: number, d: number): Pool {
  const order = Int32Array.from({ length: n }, (_, j) => j)
  return { data, n, d, order, place: order.slice(), known: 0, open: n }
}

function swap({ order, place }: Pool, a: number, b: number): void {
  const j = order[a]
  order[a] = order[b]
  order[b] = j
  place[order[a]] = a
  place[order[b]] = b
}

/** Moves an undecided key to the known vertices. */
export function moveToKnown(pool: Pool, j: number): void {
  const at = pool.place[j]
  if (at >= pool.known && at < pool.open) swap(pool, at, pool.known++)
}

/** Moves an undecided key behind all others: a proven convex combination of them. */
export function moveToHull(pool: Pool, j: number): void {
  const at = pool.place[j]
  if (at >= pool.known && at < pool.open) swap(pool, at, --pool.open)
}
