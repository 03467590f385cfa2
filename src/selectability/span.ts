/**
 * The directions in which a key set extends: an orthonormal basis of the differences of keys, taken numerically.
 *
 * Mean-centred keys lie on a hyperplane up to rounding, and the noise across it must not decide. Gram–Schmidt with pivoting takes
 * the key farthest from the span so far until none is farther than `slack`; each vector is orthogonalised twice, which is enough
 * (B. N. Parlett, *The Symmetric Eigenvalue Problem*, 1980, §6.9, doi:10.1137/1.9781611971163).
 */

/** r orthonormal rows of length d. */
export interface Span {
  readonly basis: Float64Array
  readonly rank: number
}

/** Orthogonalises `v` against the first `rank` rows of `basis`, twice, in place; returns what is left of its length. */
export function orthogonalise(v: Float64Array, basis: Float64Array, rank: number): number {
  const d = v.length
  for (let pass = 0; pass < 2; pass++) {
    for (let r = 0; r < rank; r++) {
      let sum = 0
      for (let c = 0, p = r * d; c < d; c++, p++) sum += v[c] * basis[p]
      for (let c = 0, p = r * d; c < d; c++, p++) v[c] -= sum * basis[p]
    }
  }
  let sqNorm = 0
  for (let c = 0; c < d; c++) sqNorm += v[c] * v[c]
  return Math.sqrt(sqNorm)
}

/** Adds the direction of `v` (changed in place) to a basis; returns the new rank. */
export function extend(basis: Float64Array, rank: number, v: Float64Array, slack: number): number {
  const rest = orthogonalise(v, basis, rank)
  if (!(rest > slack)) return rank
  for (let c = 0; c < v.length; c++) basis[rank * v.length + c] = v[c] / rest
  return rank + 1
}

/** Where a sample spans everything by so many times the slack, the whole set does. */
const clearly = 2 ** 10

/** Every so-manieth of n points, d numbers each. */
function sampleOf(z: Float64Array, n: number, d: number, size: number): Float64Array {
  const sample = new Float64Array(size * d)
  for (let s = 0; s < size; s++) {
    const from = Math.floor((s * n) / size) * d
    for (let c = 0; c < d; c++) sample[s * d + c] = z[from + c]
  }
  return sample
}

/** Keys that are enough to span d dimensions, where a set has no preference for few of them. */
function sampleSize(d: number): number {
  return d + Math.ceil(d / 4) + 8
}

/**
 * Whether a sample of the points spans all d dimensions so clearly that there is no need to look at the others: by Gaussian elimination, in
 * a tenth of the time that a basis takes.
 *
 * Complexity: O(d³).
 */
export function spansClearly(z: Float64Array, n: number, d: number, slack: number): boolean {
  const size = Math.min(n, sampleSize(d))
  if (size <= d) return false
  const least = clearly * Math.sqrt(d) * slack
  const rows = sampleOf(z, n, d, size)
  for (let r = 1; r < size; r++) for (let c = 0; c < d; c++) rows[r * d + c] -= rows[c]
  for (let k = 0; k < d; k++) {
    let pivot = k + 1
    for (let r = k + 2; r < size; r++) if (Math.abs(rows[r * d + k]) > Math.abs(rows[pivot * d + k])) pivot = r
    const top = rows[pivot * d + k]
    if (!(Math.abs(top) > least)) return false
    for (let c = k, p = pivot * d + k, q = (k + 1) * d + k; c < d; c++, p++, q++) {
      const x = rows[p]
      rows[p] = rows[q]
      rows[q] = x
    }
    for (let r = k + 2; r < size; r++) {
      const factor = rows[r * d + k] / top
      if (factor === 0) continue
      for (let c = k + 1, p = r * d + k + 1, q = (k + 1) * d + k + 1; c < d; c++, p++, q++) rows[p] -= factor * rows[q]
    }
  }
  return true
}

/**
 * The span of n points; the basis of a full one may be that of a sample.
 *
 * Complexity: O(n·d·rank); where a sample of about 5d/4 keys spans all d dimensions clearly, O(d³).
 */
export function numericalSpan(z: Float64Array, n: number, d: number, slack: number): Span {
  const size = sampleSize(d)
  if (n > 2 * size) {
    const span = pivotedSpan(sampleOf(z, n, d, size), size, d, clearly * Math.sqrt(d) * slack)
    if (span.rank === d) return span
  }
  return pivotedSpan(z, n, d, slack)
}

/** Squares that have fallen to this share of what they were are mostly rounding: u times the number of differences is far below. */
const unreliable = 2 ** -40

function pivotedSpan(z: Float64Array, n: number, d: number, slack: number): Span {
  const basis = new Float64Array(d * d)
  const rest = new Float64Array(n)
  const v = new Float64Array(d)
  const place = (j: number): void => {
    for (let c = 0; c < d; c++) v[c] = z[j * d + c] - z[c]
  }
  for (let j = 0; j < n; j++) {
    place(j)
    for (let c = 0; c < d; c++) rest[j] += v[c] * v[c]
  }
  const farthestOf = (): number => {
    let farthest = 0
    for (let j = 1; j < n; j++) if (rest[j] > rest[farthest]) farthest = j
    return farthest
  }
  // What is left of a length is a difference of squares: below this it is rounding, and is taken anew from the coordinates.
  let doubtful = unreliable * rest[farthestOf()]
  let rank = 0
  while (rank < d) {
    let farthest = farthestOf()
    if (rest[farthest] <= doubtful && slack * slack < doubtful) {
      for (let j = 0; j < n; j++) {
        place(j)
        rest[j] = orthogonalise(v, basis, rank) ** 2
      }
      farthest = farthestOf()
      doubtful = unreliable * rest[farthest]
    }
    place(farthest)
    const grown = extend(basis, rank, v, slack)
    if (grown === rank) {
      if (!(rest[farthest] > slack * slack)) break
      rest[farthest] = 0
      continue
    }
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let c = 0, p = rank * d; c < d; c++, p++) sum += (z[j * d + c] - z[c]) * basis[p]
      rest[j] -= sum * sum
    }
    rest[farthest] = 0
    rank = grown
  }
  return { basis, rank }
}

/** Coordinates of n points in a span, row-major n × rank. */
export function coordinatesIn(z: Float64Array, n: number, d: number, { basis, rank }: Span): Float64Array {
  const out = new Float64Array(n * rank)
  for (let j = 0; j < n; j++) {
    for (let r = 0; r < rank; r++) {
      let sum = 0
      for (let c = 0, p = r * d; c < d; c++, p++) sum += z[j * d + c] * basis[p]
      out[j * rank + r] = sum
    }
  }
  return out
}

/** The vector of d coordinates with the given ones in a span. */
export function liftFrom(q: Float64Array, d: number, { basis, rank }: Span): Float64Array {
  const out = new Float64Array(d)
  for (let r = 0; r < rank; r++) for (let c = 0, p = r * d; c < d; c++, p++) out[c] += q[r] * basis[p]
  return out
}
