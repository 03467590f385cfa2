/**
 * The largest softmax weight of a key, twice, by methods that share nothing with each other or with `src`.
 *
 * With `a_j = k_j − k_i` and logits `p·a_j + β_j`, the weight is 1/(1 + e^f) and f is minimised over ‖p‖ <= ρ. `primal` does so by the
 * ellipsoid method, which only ever uses that f is convex (D. B. Yudin and A. S. Nemirovskii 1976). `dual` maximises the entropy side by
 * Newton's method in the weights themselves, with multipliers. What `primal` finds is never below the minimum, what `dual` finds never above.
 */
import { maximumIsPositive, toIntegers } from './rational.ts'

export interface Problem {
  /** Differences of keys, times the scale. */
  readonly a: readonly (readonly number[])[]
  readonly rises: readonly number[]
  readonly d: number
}

export function problemOf(
  keys: readonly (readonly number[])[],
  i: number,
  scale: number,
  bias?: readonly number[],
): Problem {
  const others = keys.map((_, j) => j).filter((j) => j !== i)
  return {
    a: others.map((j) => keys[j]!.map((x, c) => scale * (x - keys[i]![c]!))),
    rises: others.map((j) => (bias === undefined ? 0 : bias[j]! - bias[i]!)),
    d: keys[i]!.length,
  }
}

const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, value, c) => sum + value * y[c]!, 0)

function softmax(logits: readonly number[]): { f: number; weights: number[] } {
  const top = Math.max(...logits)
  const powers = logits.map((z) => Math.exp(z - top))
  const total = powers.reduce((sum, x) => sum + x, 0)
  return { f: top + Math.log(total), weights: powers.map((x) => x / total) }
}

/** f at p, and its gradient. */
export function valueAt({ a, rises, d }: Problem, p: readonly number[]): { f: number; gradient: number[] } {
  const { f, weights } = softmax(a.map((row, j) => dot(row, p) + rises[j]!))
  const gradient = Array.from({ length: d }, (_, c) => a.reduce((sum, row, j) => sum + weights[j]! * row[c]!, 0))
  return { f, gradient }
}

/** An f that some p with ‖p‖ <= radius has, within `gap` of the least one. */
export function primal(problem: Problem, radius: number, gap: number): number {
  const { d } = problem
  if (radius === 0) return valueAt(problem, new Array<number>(d).fill(0)).f
  let best = Infinity
  let centre = new Array<number>(d).fill(0)
  // {centre + B·y : ‖y‖ <= 1}; B, not BBᵀ, is what keeps its digits.
  let B = Array.from({ length: d }, (_, r) => Array.from({ length: d }, (_, c) => (r === c ? radius : 0)))
  for (let step = 0; step < 20_000; step++) {
    const length = Math.hypot(...centre)
    const inside = length <= radius
    const { f, gradient } = valueAt(problem, centre)
    const cut = inside ? gradient : centre
    const nearest = inside
      ? f
      : valueAt(
          problem,
          centre.map((x) => (x * radius) / length),
        ).f
    best = Math.min(best, nearest)
    const across = Array.from({ length: d }, (_, c) => B.reduce((sum, row, r) => sum + row[c]! * cut[r]!, 0))
    const width = Math.hypot(...across)
    if (!(width > 0) || (inside && width <= gap)) break
    const unit = across.map((x) => x / width)
    const step = B.map((row) => dot(row, unit))
    centre = centre.map((x, c) => x - step[c]! / (d + 1))
    const stretch = d === 1 ? 1 : d / Math.sqrt(d * d - 1)
    const squeeze = d === 1 ? 1 / 2 : 1 - Math.sqrt((d - 1) / (d + 1))
    B = B.map((row, r) => row.map((x, c) => stretch * (x - squeeze * step[r]! * unit[c]!)))
  }
  return best
}

/** Solves a dense system by Gaussian elimination with partial pivoting. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const m = right.length
  const T = matrix.map((row, r) => [...row, right[r]!])
  for (let k = 0; k < m; k++) {
    let pivot = k
    for (let r = k + 1; r < m; r++) if (Math.abs(T[r]![k]!) > Math.abs(T[pivot]![k]!)) pivot = r
    ;[T[k], T[pivot]] = [T[pivot]!, T[k]!]
    for (let r = k + 1; r < m; r++) {
      const factor = T[r]![k]! / T[k]![k]!
      if (factor !== 0) for (let c = k; c <= m; c++) T[r]![c]! -= factor * T[k]![c]!
    }
  }
  const x = new Array<number>(m).fill(0)
  for (let r = m - 1; r >= 0; r--) {
    let sum = T[r]![m]!
    for (let c = r + 1; c < m; c++) sum -= T[r]![c]! * x[c]!
    x[r] = sum / T[r]![r]!
  }
  return x
}

/**
 * max H(W) + Σ W β − ‖AW‖²/(2s): its optimum has `log W_j = β_j + p·a_j + const`, `AW = −s·p`, `Σ W = 1`. Newton's method on all three, W kept
 * positive. `tiny` keeps the system regular where A has less than full rank: p then is the shortest.
 */
function soften({ a, rises, d }: Problem, s: number, start: number[]): { weights: number[]; p: number[] } {
  const m = a.length
  let weights = start
  let p = new Array<number>(d).fill(0)
  let level = 0
  for (let step = 0; step < 400; step++) {
    // Unknowns dW, dp, dlevel; W scaled out of its own rows.
    const rows: number[][] = []
    const right: number[] = []
    for (let j = 0; j < m; j++) {
      rows.push([...weights.map((_, k) => (k === j ? 1 : 0)), ...a[j]!.map((x) => -weights[j]! * x), -weights[j]!])
      right.push(-weights[j]! * (Math.log(weights[j]!) - rises[j]! - dot(a[j]!, p) - level))
    }
    for (let c = 0; c < d; c++) {
      const row = [...a.map((point) => point[c]!), ...p.map((_, k) => (k === c ? s : 0)), 0]
      rows.push(row)
      right.push(-(a.reduce((sum, point, j) => sum + weights[j]! * point[c]!, 0) + s * p[c]!))
    }
    rows.push([...weights.map(() => 1), ...p.map(() => 0), 0])
    right.push(1 - weights.reduce((sum, w) => sum + w, 0))
    const move = solve(rows, right)
    // Up in itself, down in its logarithm: positive either way.
    const shares = weights.map((w, j) => move[j]! / w)
    weights = weights.map((w, j) =>
      Math.max(1e-290, shares[j]! > 0 ? w + move[j]! : w * Math.exp(Math.max(shares[j]!, -2))),
    )
    p = p.map((x, c) => x + move[m + c]!)
    level += move[m + d]!
    if (shares.every((share, j) => Math.abs(share) < 1e-12 || (share < 0 && weights[j]! < 1e-40))) break
  }
  return { weights, p }
}

/** `H(W) + Σ W β − ρ‖AW‖`: never above f at any p with ‖p‖ <= ρ. */
export function dualValue({ a, rises, d }: Problem, weights: readonly number[], radius: number): number {
  let value = 0
  weights.forEach((w, j) => {
    if (w > 0) value += w * (rises[j]! - Math.log(w))
  })
  if (radius === 0) return value
  const x = Array.from({ length: d }, (_, c) => a.reduce((sum, row, j) => sum + weights[j]! * row[c]!, 0))
  return value - radius * Math.hypot(...x)
}

/** The largest of `dualValue` over convex weights, from below. */
export function dual(problem: Problem, radius: number): number {
  const { weights: uniform } = softmax(problem.rises)
  if (radius === 0) return dualValue(problem, uniform, 0)
  let low = 0
  let high = 1
  let best = -Infinity
  const at = (s: number): number => {
    const { weights, p } = soften(problem, s, uniform)
    const sum = weights.reduce((total, w) => total + w, 0)
    best = Math.max(
      best,
      dualValue(
        problem,
        weights.map((w) => w / sum),
        radius,
      ),
    )
    return Math.hypot(...p)
  }
  while (at(high) > radius) {
    low = high
    high *= 8
  }
  for (let step = 0; step < 200 && high - low > 1e-15 * high; step++) {
    const s = low > 0 ? Math.sqrt(low * high) : high / 64
    if (s < 1e-14) break
    if (at(s) > radius) low = s
    else high = s
  }
  return best
}

/**
 * With no limit on the query: the least f among the rivals that can have weight in the hull's point k_i; −∞ where there are none. A
 * rival j can if some convex weights give k_i with W_j > 0, which is decided exactly.
 */
export function unlimited(
  keys: readonly (readonly number[])[],
  i: number,
  scale: number,
  bias?: readonly number[],
): number {
  const flat = toIntegers(keys.flat())
  const d = keys[i]!.length
  const others = keys.map((_, j) => j).filter((j) => j !== i)
  const offsets = others.map((j) => keys[j]!.map((_, c) => flat[j * d + c]! - flat[i * d + c]!))
  // max W_j over W >= 0, Σ W <= 1, Σ W a = 0 as two inequalities each.
  const equalities = Array.from({ length: d }, (_, c) => offsets.map((a) => a[c]!))
  const A = [...equalities, ...equalities.map((row) => row.map((x) => -x)), offsets.map(() => 1n)]
  const b = [...equalities.map(() => 0n), ...equalities.map(() => 0n), 1n]
  const face = others.filter((_, at) =>
    maximumIsPositive(
      A,
      b,
      offsets.map((_, k) => (k === at ? 1n : 0n)),
    ),
  )
  if (face.length === 0) return -Infinity
  const all = problemOf(keys, i, scale, bias)
  const chosen = face.map((j) => others.indexOf(j))
  const problem = { a: chosen.map((s) => all.a[s]!), rises: chosen.map((s) => all.rises[s]!), d }
  // On independent coordinates the equations AW = 0 are independent too.
  const { rows } = independent(problem.a, d)
  const reduced = { ...problem, a: problem.a.map((row) => rows.map((c) => row[c]!)), d: rows.length }
  const { weights } = soften(reduced, 0, softmax(reduced.rises).weights)
  return dualValue(reduced, weights, 0)
}

/** Columns of a matrix that are linearly independent and span the rest, by elimination with pivots well above rounding. */
function independent(a: readonly (readonly number[])[], d: number): { rows: number[] } {
  const T = Array.from({ length: d }, (_, c) => a.map((row) => row[c]!))
  const rows: number[] = []
  for (let c = 0; c < d; c++) {
    const row = [...T[c]!]
    const size = Math.max(...row.map(Math.abs))
    for (const r of rows) {
      const base = T[r]!
      const pivot = base.findIndex((x) => x !== 0)
      const factor = row[pivot]! / base[pivot]!
      base.forEach((x, j) => (row[j]! -= factor * x))
      row[pivot] = 0
    }
    const left = row.map((x) => (Math.abs(x) <= 1e-9 * size ? 0 : x))
    if (left.some((x) => x !== 0)) {
      T[c] = left
      rows.push(c)
    }
  }
  return { rows }
}
