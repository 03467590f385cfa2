/**
 * Attention and LayerNorm written out longhand in float64, each entry with a bound on the error of any sane evaluation.
 *
 * Bounds follow Higham 2002, chapter 3: γ_k = k·u/(1 − k·u), and θ_k stands for any |θ| <= γ_k. They are derived from the
 * sizes that are summed, for arithmetic of unit roundoff u, in any order of summation.
 */

export const u64 = 2 ** -53
export const u32 = 2 ** -24

/** A value and how far another evaluation may be from it. */
export interface Bounded {
  readonly value: number[]
  readonly error: number[]
}

export function gamma(k: number, u: number = u64): number {
  return (k * u) / (1 - k * u)
}

export interface Scoring {
  readonly scale: number
  readonly causal?: boolean
  /** m×n: what to add, −∞ where a key is masked. */
  readonly mask?: readonly (readonly number[])[]
}

/** s_ij = scale·Σ q_c k_c + b_ij: |ŝ − s| <= γ_(d+1)·|scale|·Σ|q||k| + u·|s|, the last for adding b. */
export function scores(q: number[][], k: number[][], { scale, causal, mask }: Scoring, u: number = u64): Bounded[] {
  return q.map((query, i) => {
    const value: number[] = []
    const error: number[] = []
    k.forEach((key, j) => {
      const size = Math.abs(scale) * query.reduce((sum, x, c) => sum + Math.abs(x * key[c]), 0)
      const b = causal && j > i + k.length - q.length ? -Infinity : mask ? mask[i][j] : 0
      const s = scale * query.reduce((sum, x, c) => sum + x * key[c], 0) + b
      value.push(s)
      error.push(s === -Infinity ? 0 : gamma(query.length + 2, u) * size + 2 * u * (Math.abs(s) + size))
    })
    return { value, error }
  })
}

/**
 * p_j = e^(s_j − M)/Σ, with errors e_j in s_j.
 *
 * The exponent s_j − M errs by e_j + e_M and, for the subtractions, u·|s_j − M|: also when M grows in steps, for the steps
 * add up to M − s_j. An exponential is taken to be right to 4u (fdlibm's are right to 2u), in `steps` steps; the sum of n
 * and the division give γ_(n+steps+1). Twice over, for numerator and denominator. What underflows is below `tiny`.
 *
 * @param differences roundings of s_j − M: one, or three where it is multiplied by log₂ e, itself rounded
 */
export function softmax(
  s: Bounded,
  u: number = u64,
  steps = 1,
  tiny: number = Number.MIN_VALUE,
  differences = 1,
): Bounded {
  const max = Math.max(...s.value)
  if (max === -Infinity) return { value: s.value.map(() => 0), error: s.value.map(() => 0) }
  const e = s.value.map((x) => (x === max ? 1 : Math.exp(x - max)))
  const total = e.reduce((sum, x) => sum + x, 0)
  const worst = Math.max(...s.error)
  const n = e.length
  const log = (x: number): number =>
    2 * worst + differences * u * (x === -Infinity ? 0 : Math.abs(x - max)) + 4 * u * steps
  const ofTotal = e.reduce((sum, x, j) => sum + (x / total) * Math.expm1(log(s.value[j])), 0) + gamma(n + steps + 2, u)
  return {
    value: e.map((x) => x / total),
    error: e.map((x, j) => {
      if (s.value[j] === -Infinity) return 0
      const relative = Math.expm1(Math.expm1(log(s.value[j])) + ofTotal + gamma(steps + 2, u))
      return (x / total) * relative + n * tiny
    }),
  }
}

/** o_c = Σ p_j v_jc: errors Δp_j·|v_jc| add up, and γ_n·Σ p_j|v_jc| for the sum. */
export function weigh(p: Bounded, v: number[][], dv: number, u: number = u64): Bounded {
  const columns = Array.from({ length: dv }, (_, c) => v.map((row) => row[c]))
  const n = v.length
  return {
    value: columns.map((column) => p.value.reduce((sum, x, j) => sum + (x === 0 ? 0 : x * column[j]), 0)),
    error: columns.map((column) =>
      p.value.reduce((sum, x, j) => sum + (x === 0 ? 0 : (p.error[j] + gamma(n + 2, u) * x) * Math.abs(column[j])), 0),
    ),
  }
}

/** Online: an exponential is corrected at most once a key. Weights below `tiny` underflow. */
export function attention(
  q: number[][],
  k: number[][],
  v: number[][],
  dv: number,
  scoring: Scoring,
  u: number = u64,
  differences = 1,
): Bounded[] {
  const tiny = u === u64 ? Number.MIN_VALUE : 2 ** -149
  return scores(q, k, scoring, u).map((row) => weigh(softmax(row, u, k.length + 1, tiny, differences), v, dv, u))
}

/**
 * Px, in a row: |error| <= u·(|r_c| + |y_c|) + γ_(d+2)·mean|r| where r = x − (computed mean), itself within
 * γ_(d+2)·mean|x| of y. Doubled, so that it holds between any two evaluations' r.
 */
export function project(x: number[], u: number = u64): Bounded {
  const d = x.length
  const mean = x.reduce((sum, value) => sum + value, 0) / d
  const first = x.map((value) => value - mean)
  const rest = first.reduce((sum, value) => sum + value, 0) / d
  const value = first.map((r) => r - rest)
  const drift = gamma(d + 2, u) * (x.reduce((sum, a) => sum + Math.abs(a), 0) / d)
  const size = first.map((r) => Math.abs(r) + drift)
  const meanSize = size.reduce((sum, a) => sum + a, 0) / d
  return { value, error: size.map((a) => 3 * u * a + 2 * gamma(d + 2, u) * meanSize) }
}

/**
 * Px as `src/kernels/simd/assembly/layernorm32.ts` computes it in float32, from t = x − p: an entry errs by
 * u·(|t| + |r| + |mean(t)|) + γ_20·mean|t|. p is 0 where mean(x)² is at most a quarter of the variance (taken a little larger, for
 * the kernel computes it), else the mean of the first 16, and errs by γ_5 of the sizes it is the mean of.
 */
export function shiftedProject(x: number[]): Bounded {
  const d = x.length
  const { value } = project(x)
  const first = d < 16 ? x.slice(0, 1) : x.slice(0, 16)
  const pivot = first.reduce((sum, a) => sum + a, 0) / first.length
  const slack = gamma(5, u32) * (first.reduce((sum, a) => sum + Math.abs(a), 0) / first.length)
  const errorOf = (size: number[]): number[] => {
    const meanSize = size.reduce((sum, a) => sum + a, 0) / d
    return value.map((r, c) => u32 * (size[c] + Math.abs(r) + meanSize) + gamma(20, u32) * meanSize)
  }
  const shifted = errorOf(x.map((a) => Math.abs(a - pivot) + slack))
  const mean = x.reduce((sum, a) => sum + a, 0) / d
  const variance = value.reduce((sum, r) => sum + r * r, 0) / d
  if (!(mean * mean <= variance / 3.99)) return { value, error: shifted }
  const direct = errorOf(x.map(Math.abs))
  return { value, error: shifted.map((error, c) => Math.max(error, direct[c])) }
}

/**
 * gain ⊙ x/√(‖x‖²/d + eps) + bias, where x errs by e: the root errs by at most ‖e‖/√d (it is a norm of (x, √(d·eps)) over
 * √d) and relatively by γ_terms, d + 3 unless the sum is cut in pieces; quotient, product and sum add γ_3.
 */
export function normalise(
  x: Bounded,
  eps: number,
  gain: number[],
  bias: number[],
  u: number = u64,
  terms: number = x.value.length + 3,
): Bounded {
  const d = x.value.length
  const rms = Math.sqrt(x.value.reduce((sum, a) => sum + a * a, 0) / d + eps)
  const ofRoot = Math.sqrt(x.error.reduce((sum, a) => sum + a * a, 0) / d) / rms + gamma(terms, u)
  if (rms === 0) return { value: [...bias], error: bias.map(() => 0) }
  const y = x.value.map((a) => a / rms)
  const value = y.map((a, c) => gain[c] * a + bias[c])
  return {
    value,
    error: y.map((a, c) => {
      const ofQuotient = (x.error[c] / rms + Math.abs(a) * (ofRoot + gamma(3, u))) / (1 - ofRoot)
      return Math.abs(gain[c]) * ofQuotient + 2 * u * (Math.abs(value[c]) + Math.abs(bias[c]))
    }),
  }
}

/** Throws unless every entry is within the bounds of both evaluations, and `rounding` relative for its storage. */
export function expectWithin(actual: ArrayLike<number>, wanted: readonly Bounded[], rounding = 0): void {
  const value = wanted.flatMap((row) => row.value)
  const error = wanted.flatMap((row) => row.error)
  if (actual.length !== value.length) throw new Error(`expected ${value.length} entries, got ${actual.length}`)
  for (let at = 0; at < value.length; at++) {
    const tolerance = 2 * error[at] + rounding * Math.abs(value[at])
    if (!(Math.abs(actual[at] - value[at]) <= tolerance)) {
      throw new Error(`entry ${at}: expected ${value[at]} within ${tolerance}, got ${actual[at]}`)
    }
  }
}

/** Rows of a row-major array. */
export function rowsOf(data: ArrayLike<number>, rows: number, d: number): number[][] {
  return Array.from({ length: rows }, (_, i) => Array.from({ length: d }, (_, c) => data[i * d + c]))
}

/** Seeded numbers in (−1, 1), by a linear congruential generator of 32 bits (Numerical Recipes' constants). */
export function numbers(seed: number, length: number): Float64Array {
  let state = seed >>> 0
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}
