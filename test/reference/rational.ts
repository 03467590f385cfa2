/**
 * The verdicts at tolerance 0, decided slowly and exactly; it shares no code with `src`.
 *
 * Doubles become integers (times one power of two), and each question becomes a linear program that starts feasible at
 * the origin, solved by the textbook simplex method with Bland's rule (which cannot cycle) in integer pivots: every
 * entry of the tableau is a minor of the input over one common denominator (Edmonds 1967), so no gcd is ever needed.
 * The method is not believed either: each answer is checked against a primal point or a dual one, in integers.
 */

export type ExactVerdict = 'selectable' | 'tied' | 'unselectable'

/** A finite double as `mantissa · 2^exponent`, subnormals included. */
export function decompose(x: number): { mantissa: bigint; exponent: number } {
  if (!Number.isFinite(x)) throw new RangeError(`expected a finite number, got ${x}`)
  const bits = new BigUint64Array(Float64Array.of(x).buffer)[0] ?? 0n
  const biased = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n)
  return { mantissa: bits >> 63n === 1n ? -mantissa : mantissa, exponent: Math.max(biased, 1) - 1075 }
}

/** The numbers as integers, all multiplied by the same power of two. */
export function toIntegers(values: readonly number[]): bigint[] {
  const parts = values.map(decompose)
  const lowest = Math.min(...parts.map(({ mantissa, exponent }) => (mantissa === 0n ? Infinity : exponent)))
  return parts.map(({ mantissa, exponent }) => (mantissa === 0n ? 0n : mantissa << BigInt(exponent - lowest)))
}

const sum = (terms: readonly bigint[]): bigint => terms.reduce((total, term) => total + term, 0n)
const dot = (x: readonly bigint[], y: readonly bigint[]): bigint => sum(x.map((value, c) => value * (y[c] ?? 0n)))

/** Whether `max c·x` over `A x <= b`, `x >= 0` is positive, for b >= 0 (so that the origin is feasible). */
export function maximumIsPositive(A: readonly bigint[][], b: readonly bigint[], c: readonly bigint[]): boolean {
  const m = A.length
  const n = c.length
  if (A.some((row) => row.length !== n) || b.length !== m) throw new Error('reference: the program is ragged')
  if (b.some((bound) => bound < 0n)) throw new Error('reference: the origin is not feasible')
  // Row m is the objective, column n the right-hand side; variables 0…n−1 are x, n…n+m−1 the slacks.
  const T = A.map((row, r) => [...row, b[r] ?? 0n])
  T.push([...c.map((cost) => -cost), 0n])
  const nonbasic = c.map((_, s) => s)
  const basic = A.map((_, r) => n + r)
  let denominator = 1n
  const at = (r: number, s: number): bigint => T[r]?.[s] ?? 0n

  for (;;) {
    if (at(m, n) > 0n) {
      const x = c.map((_, v) => (basic.includes(v) ? at(basic.indexOf(v), n) : 0n))
      const feasible = A.every((row, r) => dot(row, x) <= (b[r] ?? 0n) * denominator) && x.every((value) => value >= 0n)
      if (!feasible || dot(c, x) <= 0n) throw new Error('reference: the primal point proves nothing')
      return true
    }
    const entering = argmin(nonbasic, (s) => at(m, s) < 0n)
    if (entering < 0) {
      const y = b.map((_, r) => (nonbasic.includes(n + r) ? at(m, nonbasic.indexOf(n + r)) : 0n))
      const covers = c.every((cost, s) => sum(A.map((row, r) => (row[s] ?? 0n) * (y[r] ?? 0n))) >= cost * denominator)
      if (!covers || !y.every((value) => value >= 0n) || dot(y, b) !== 0n) {
        throw new Error('reference: the dual point proves nothing')
      }
      return false
    }
    let leaving = -1
    for (let r = 0; r < m; r++) {
      if (at(r, entering) <= 0n) continue
      if (leaving < 0) {
        leaving = r
        continue
      }
      const order = at(r, n) * at(leaving, entering) - at(leaving, n) * at(r, entering)
      if (order < 0n || (order === 0n && (basic[r] ?? 0) < (basic[leaving] ?? 0))) leaving = r
    }
    if (leaving < 0) throw new Error('reference: the program is unbounded')
    denominator = pivot(T, leaving, entering, denominator)
    const swap = basic[leaving] ?? 0
    basic[leaving] = nonbasic[entering] ?? 0
    nonbasic[entering] = swap
  }
}

/** The position of the smallest variable among those that qualify (Bland), or −1. */
function argmin(variables: readonly number[], qualifies: (position: number) => boolean): number {
  let best = -1
  variables.forEach((variable, s) => {
    if (qualifies(s) && (best < 0 || variable < (variables[best] ?? 0))) best = s
  })
  return best
}

/** Exchanges a row and a column; returns the new denominator. Every division is exact. */
function pivot(T: bigint[][], r: number, s: number, denominator: bigint): bigint {
  const row = T[r] ?? []
  const p = row[s] ?? 0n
  for (const other of T) {
    if (other === row) continue
    const factor = other[s] ?? 0n
    for (let c = 0; c < other.length; c++) {
      if (c !== s) other[c] = ((other[c] ?? 0n) * p - factor * (row[c] ?? 0n)) / denominator
    }
    other[s] = -factor
  }
  row[s] = denominator
  return p
}

/** Key j's slope against key i, for every other j: `k_j − k_i`, minus the sum of its entries, `b_j − b_i`. */
function slopesAt(keys: readonly (readonly number[])[], i: number, bias?: readonly number[]): bigint[][] {
  const n = keys.length
  const d = keys[0]?.length ?? 0
  if (!(Number.isInteger(i) && i >= 0 && i < n)) throw new RangeError(`expected an index below ${n}, got ${i}`)
  const flat = toIntegers(keys.flat())
  const b = bias === undefined ? keys.map(() => 0n) : toIntegers(bias)
  const rows = keys.map((_, j) => flat.slice(j * d, (j + 1) * d))
  const others = keys.map((_, j) => j).filter((j) => j !== i)
  return others.map((j) => {
    const difference = (rows[j] ?? []).map((value, c) => value - (rows[i]?.[c] ?? 0n))
    return [...difference, -sum(difference), (b[j] ?? 0n) - (b[i] ?? 0n)]
  })
}

/**
 * Whether some query makes key i the strict argmax of the scores `s = q·k (+ b)`.
 *
 * Homogeneous form, here and below: p = τq with τ > 0 gives `p·(k_j − k_i) + τ(b_j − b_i) + gap_j <= 0`, `gap >= 0`. Here all
 * gaps and τ can be positive at once. Free p is written `x − x_0·1` with x, x_0 >= 0.
 */
export function isSelectable(keys: readonly (readonly number[])[], i: number, bias?: readonly number[]): boolean {
  const slopes = slopesAt(keys, i, bias)
  const zeros = new Array<bigint>((keys[0]?.length ?? 0) + 1).fill(0n)
  // Variables: x, x_0, τ, t; t is at most every gap, τ and 1.
  return maximumIsPositive(
    [...slopes.map((slope) => [...slope, 1n]), [...zeros, -1n, 1n], [...zeros, 0n, 1n]],
    [...slopes.map(() => 0n), 0n, 1n],
    [...zeros, 0n, 1n],
  )
}

/** Whether some query puts key i at the maximum with another key below, or all keys are equal, n > 1. */
export function leads(keys: readonly (readonly number[])[], i: number, bias?: readonly number[]): boolean {
  const slopes = slopesAt(keys, i, bias)
  if (slopes.every((slope) => slope.every((value) => value === 0n))) return true
  const zeros = new Array<bigint>((keys[0]?.length ?? 0) + 1).fill(0n)
  // Variables: x, x_0, τ, t; t is at most the sum of the gaps, τ and 1. No query need do both: two of them add up to one.
  const all = slopes[0]?.map((_, c) => sum(slopes.map((slope) => slope[c] ?? 0n))) ?? []
  return maximumIsPositive(
    [...slopes.map((slope) => [...slope, 0n]), [...all, 1n], [...zeros, -1n, 1n], [...zeros, 0n, 1n]],
    [...slopes.map(() => 0n), 0n, 0n, 1n],
    [...zeros, 0n, 1n],
  )
}

/** The verdict on key i at tolerance 0. */
export function decideExactly(keys: readonly (readonly number[])[], i: number, bias?: readonly number[]): ExactVerdict {
  if (isSelectable(keys, i, bias)) return 'selectable'
  return leads(keys, i, bias) ? 'tied' : 'unselectable'
}

/** The verdicts on all keys at tolerance 0. */
export function decideAllExactly(keys: readonly (readonly number[])[], bias?: readonly number[]): ExactVerdict[] {
  return keys.map((_, i) => decideExactly(keys, i, bias))
}

/**
 * What a query, of floats or of integers (with a bias, d + 1 of them), proves of key i by itself: that it is the strict argmax
 * ('alone'), that it shares the maximum with some key below ('shared'), or nothing.
 */
export function standing(
  keys: readonly (readonly number[])[],
  i: number,
  query: readonly number[] | readonly bigint[],
  bias?: readonly number[],
): 'alone' | 'shared' | null {
  const width = keys[0]?.length ?? 0
  const whole = toIntegers(keys.flat())
  const rows = keys.map((_, j) => whole.slice(j * width, (j + 1) * width))
  if (bias !== undefined) {
    // One power of two for keys and biases, so that scores q·k + b are integers over it when the query is.
    const all = toIntegers([...keys.flat(), ...bias])
    rows.forEach((row, j) =>
      row.splice(0, width, ...all.slice(j * width, (j + 1) * width), all[keys.length * width + j] ?? 0n),
    )
  }
  const exact = query.every((x) => typeof x === 'bigint')
    ? query
    : toIntegers([...(query as number[]), ...(bias === undefined ? [] : [1])])
  if (bias !== undefined && !((exact[width] ?? 0n) > 0n)) return null
  const scores = rows.map((row) => dot(exact as readonly bigint[], row))
  const own = scores[i] ?? 0n
  if (scores.every((score, j) => j === i || score < own)) return 'alone'
  return scores.every((score) => score <= own) && scores.some((score) => score < own) ? 'shared' : null
}
