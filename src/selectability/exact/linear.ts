/**
 * Exact linear algebra over the integers: fraction-free Gauss–Jordan elimination.
 *
 * Every intermediate entry is a minor of the input (E. H. Bareiss, *Sylvester's identity and multistep integer-preserving
 * Gaussian elimination*, Math. Comp. 22, 1968, doi:10.1090/S0025-5718-1968-0226829-0), so each division below is exact and
 * Hadamard's inequality bounds the length of the numbers.
 */

/** A reduced system: row r has `det` in column `columns[r]` and 0 in the other pivot columns; rows past the rank are 0 there. */
export interface Reduced {
  readonly rows: bigint[][]
  /** The pivot column of each of the first rank rows. */
  readonly columns: number[]
  readonly det: bigint
}

/**
 * Reduces `rows` (copied, not changed), taking pivots in the first `width` columns from left to right.
 *
 * Complexity: O(rank · rows · columns) products of integers of at most rank·(bits + log2 rank) bits.
 */
export function reduce(rows: readonly (readonly bigint[])[], width: number): Reduced {
  const table = rows.map((row) => [...row])
  const columns: number[] = []
  let det = 1n
  for (let column = 0; column < width && columns.length < table.length; column++) {
    const rank = columns.length
    const pivotRow = table.findIndex((row, r) => r >= rank && row[column] !== 0n)
    if (pivotRow < 0) continue
    const top = table[pivotRow]
    table[pivotRow] = table[rank]
    table[rank] = top
    const pivot = top[column]
    for (const row of table) {
      if (row === top) continue
      const factor = row[column]
      for (let c = 0; c < row.length; c++) row[c] = (pivot * row[c] - factor * top[c]) / det
    }
    columns.push(column)
    det = pivot
  }
  return { rows: table, columns, det }
}

/** A basis of the integer vectors v with `row · v = 0` for every row, each of length `width`. */
export function nullspace(rows: readonly (readonly bigint[])[], width: number): bigint[][] {
  const { rows: table, columns, det } = reduce(rows, width)
  const basis: bigint[][] = []
  for (let free = 0; free < width; free++) {
    if (columns.includes(free)) continue
    const v = new Array<bigint>(width).fill(0n)
    v[free] = det
    columns.forEach((column, r) => (v[column] = -table[r][free]))
    basis.push(primitive(v))
  }
  return basis
}

/** The vector divided by the greatest common divisor of its entries. */
export function primitive(v: readonly bigint[]): bigint[] {
  let divisor = 0n
  for (const x of v) {
    let a = divisor
    let b = x < 0n ? -x : x
    while (b !== 0n) [a, b] = [b, a % b]
    divisor = a
    if (divisor === 1n) return [...v]
  }
  return divisor === 0n ? [...v] : v.map((x) => x / divisor)
}

/** `Σ a_c·b_c` over the entries of a; b may have more. */
export function dotIntegers(a: readonly bigint[], b: readonly bigint[]): bigint {
  let sum = 0n
  for (let c = 0; c < a.length; c++) {
    const x = a[c]
    if (x !== 0n) sum += x * b[c]
  }
  return sum
}
