/**
 * The keys that a search prices, in an order that settles most questions early: vertices that walks have needed come first, then
 * the others, then those proven to lie in the hull of others.
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
  /** The rows swapped since `mark`, in pairs. */
  readonly swaps: number[]
}

/** Takes over `data`, whose rows it will move. */
export function createPool(data: Float64Array, n: number, d: number): Pool {
  const order = Int32Array.from({ length: n }, (_, j) => j)
  return { data, n, d, order, place: order.slice(), known: 0, open: n, swaps: [] }
}

function swap({ data, d, order, place, swaps }: Pool, a: number, b: number): void {
  if (a === b) return
  swaps.push(a, b)
  exchange(data, d, order, place, a, b)
}

function exchange(data: Float64Array, d: number, order: Int32Array, place: Int32Array, a: number, b: number): void {
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
function moveToHull(pool: Pool, j: number): void {
  const at = pool.place[j]
  if (at >= pool.known && at < pool.open) swap(pool, at, --pool.open)
}

/** The points that a pool has moved since a mark, in the order in which they moved. */
export interface Moves {
  readonly known: Int32Array
  readonly hull: Int32Array
}

/** Where a pool stands; swaps from here on can be taken back. */
function mark(pool: Pool): { readonly known: number; readonly open: number } {
  pool.swaps.length = 0
  return { known: pool.known, open: pool.open }
}

/**
 * Takes back all moves since a mark, row by row, and says which points had become known: the next search finds the pool as this one
 * did.
 */
function rewind(pool: Pool, from: { readonly known: number; readonly open: number }): Int32Array {
  const { data, d, order, place, swaps } = pool
  const known = order.slice(from.known, pool.known)
  for (let at = swaps.length - 2; at >= 0; at -= 2) exchange(data, d, order, place, swaps[at], swaps[at + 1])
  swaps.length = 0
  pool.known = from.known
  pool.open = from.open
  return known
}

function repeat(pool: Pool, { known, hull }: Moves): void {
  for (const j of known) moveToKnown(pool, j)
  for (const j of hull) moveToHull(pool, j)
}

/**
 * The moves of a search, and its pool, which is made when it is first asked for: where walks run on the module few keys need it, and it holds
 * the whole set once more.
 */
export interface Ledger {
  pool(): Pool
  /** Notes a point that is proven to be a convex combination of others. */
  noteHull(j: number): void
  /** Repeats moves found elsewhere. */
  hear(moves: Moves): void
  /** Begins a run, whose moves `takeBack` takes back. */
  begin(): void
  takeBack(): Moves
}

const noRows = new Int32Array(0)

export function createLedger(make: () => Pool): Ledger {
  let pool: Pool | null = null
  const known: number[] = []
  /** Those that were heard, and from `own` on those of the run. */
  const hull: number[] = []
  let own = 0
  let start = { known: 0, open: 0 }
  return {
    pool: () => {
      if (pool !== null) return pool
      pool = make()
      repeat(pool, { known: Int32Array.from(known), hull: Int32Array.from(hull.slice(0, own)) })
      start = mark(pool)
      for (const j of hull.slice(own)) moveToHull(pool, j)
      return pool
    },
    noteHull: (j) => {
      hull.push(j)
      if (pool !== null) moveToHull(pool, j)
    },
    hear: (moves) => {
      for (const j of moves.known) known.push(j)
      for (const j of moves.hull) hull.push(j)
      own = hull.length
      if (pool !== null) repeat(pool, moves)
    },
    begin: () => {
      own = hull.length
      if (pool !== null) start = mark(pool)
    },
    takeBack: () => {
      const found = Int32Array.from(hull.splice(own))
      return { known: pool === null ? noRows : rewind(pool, start), hull: found }
    },
  }
}
