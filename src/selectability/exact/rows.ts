/** Products of many rows with one vector. */

/**
 * Products of n rows of d numbers with x, each summed from left to right: four rows a sweep, or each sum would wait for its own last
 * addition.
 */
export function multiplyRows(rows: Float64Array, n: number, d: number, x: Float64Array, out: Float64Array): void {
  let r = 0
  for (; r + 3 < n; r += 4) {
    let first = 0
    let second = 0
    let third = 0
    let fourth = 0
    for (let c = 0, at = r * d; c < d; c++, at++) {
      const value = x[c]
      first += rows[at] * value
      second += rows[at + d] * value
      third += rows[at + 2 * d] * value
      fourth += rows[at + 3 * d] * value
    }
    out[r] = first
    out[r + 1] = second
    out[r + 2] = third
    out[r + 3] = fourth
  }
  for (; r < n; r++) {
    let sum = 0
    for (let c = 0, at = r * d; c < d; c++, at++) sum += rows[at] * x[c]
    out[r] = sum
  }
}
