/**
 * The keys that a search prices, in an order that settles most questions early: vertices known to be extreme come first, then
 * those not decided yet, then those proven to lie in the hull of others.
 */

/**
 * Row-major points in three stretches of rows, `[0, known)`, `[known, open)`, `[open, n)`. Rows move between them, so that each
 * stretch is priced in one sweep: point j is in row `place[j]`, and row r holds point `order[r]`.
 */
export interface Pool {
  readonly data: Float64Array
  readonly n: number
  readonly d: number
  readonly order: Int32Array
  readonly place: Int32Array
  known: number
  open: number
}

/** Takes over `data`, whose rows it will move. */
export function createPool(data: Float64Array, n: number, d: number): Pool {
  const order = Int32Array.from({ length: n }, (_, j) => j)
  return { data, n, d, order, place: order.slice(), known: 0, open: n }
}

function swap({ data, d, order, place }: Pool, a: number, b: number): void {
  for (let c = 0, p = a * d, q = b * d; c < d; c++, p++, q++) {
    const x = data[p]
    data[p] = data[q]
    data[q] = x
  }
  const j = order[a]
  order[a] = order[b]
  order[b] = j
  place[order[a]] = a
  place[order[b]] = b
}

/** Moves an undecided point to the known vertices. */
export function moveToKnown(pool: Pool, j: number): void {
  const at = pool.place[j]
  if (at >= pool.known && at < pool.open) swap(pool, at, pool.known++)
}

/** Moves an undecided point behind all others: a proven convex combination of them. */
export function moveToHull(pool: Pool, j: number): void {
  const at = pool.place[j]
  if (at >= pool.known && at < pool.open) swap(pool, at, --pool.open)
}
