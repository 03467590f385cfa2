/**
 * The point of a polytope nearest to the origin, exactly: Wolfe's algorithm (1976, doi:10.1007/BF01580381) in integers.
 *
 * It decides the few keys whose distance from the hull is too near a positive tolerance, or too small against the other
 * distances, for floating point. Each corral's nearest point is nearer than the last one's, so no corral repeats and the walk ends.
 */
import { dotIntegers, primitive, reduce } from './linear.ts'

/** A vertex `vector/scale`, scale > 0, and what it is made of: `Σ weights_s·key_s`, the integer weights summing to `scale`. */
export interface Vertex {
  readonly vector: readonly bigint[]
  readonly scale: bigint
  readonly keys: readonly number[]
  readonly weights: readonly bigint[]
}

/** The vertex lowest in a direction x; `slope` is the oracle's own multiplier, handed on. */
export interface Lowest {
  readonly vertex: Vertex
  readonly slope: { readonly n: bigint; readonly d: bigint }
}

/** `x = vector/total`, with integer weights, in proportion, on keys; `slope` is that of the last direction. */
export interface NearestPoint {
  readonly vector: bigint[]
  readonly keys: number[]
  readonly weights: bigint[]
  readonly slope: { readonly n: bigint; readonly d: bigint }
}

/** Weights u, over `total` > 0, of the affine minimiser `Σ u_s·vector_s`, `Σ u_s·scale_s = 1`, of independent vertices. */
function affineMinimiser(corral: readonly Vertex[]): { weights: bigint[]; total: bigint } {
  const m = corral.length
  const system = corral.map((a) => [...corral.map((b) => dotIntegers(a.vector, b.vector)), a.scale, 0n])
  system.push([...corral.map((a) => a.scale), 0n, 1n])
  const { rows, det } = reduce(system, m + 1)
  const sign = det < 0n ? -1n : 1n
  const solution = primitive([...rows.slice(0, m).map((row) => sign * row[m + 1]), sign * det])
  return { weights: solution.slice(0, m), total: solution[m] }
}

function combine(corral: readonly Vertex[], weights: readonly bigint[]): bigint[] {
  const width = corral[0].vector.length
  return Array.from({ length: width }, (_, c) =>
    corral.reduce((sum, { vector }, s) => sum + weights[s] * vector[c], 0n),
  )
}

function toKeys(corral: readonly Vertex[], weights: readonly bigint[]): { keys: number[]; weights: bigint[] } {
  const totals = new Map<number, bigint>()
  corral.forEach((vertex, s) => {
    vertex.keys.forEach((j, at) => {
      totals.set(j, (totals.get(j) ?? 0n) + weights[s] * vertex.weights[at])
    })
  })
  const kept = [...totals].filter(([, w]) => w > 0n)
  return { keys: kept.map(([j]) => j), weights: kept.map(([, w]) => w) }
}

/** Complexity: per step one call of `lowest` and O(m³ + m²·d) exact products, m <= d + 1 the size of the corral. */
export function nearestPoint(start: Vertex, lowest: (x: readonly bigint[]) => Lowest): NearestPoint {
  let corral = [start]
  let weights = [1n]
  let total = start.scale
  for (;;) {
    const vector = combine(corral, weights)
    const { vertex, slope } = lowest(vector)
    // Both sides of x·vertex >= x·x, times total·scale.
    if (dotIntegers(vector, vertex.vector) * total >= dotIntegers(vector, vector) * vertex.scale) {
      return { vector, ...toKeys(corral, weights), slope }
    }
    // On the corral's affine hull x·y = x·x, so that a lower vertex is outside it.
    corral = [...corral, vertex]
    weights = [...weights, 0n]
    for (;;) {
      const target = affineMinimiser(corral)
      if (target.weights.every((w) => w > 0n)) {
        weights = target.weights
        total = target.total
        break
      }
      let numerator = 1n
      let denominator = 1n
      target.weights.forEach((w, s) => {
        const own = weights[s] * target.total
        const change = own - w * total
        if (own * denominator < numerator * change) {
          numerator = own
          denominator = change
        }
      })
      const moved = weights.map(
        (w, s) => w * target.total * (denominator - numerator) + target.weights[s] * total * numerator,
      )
      const kept = moved.map((w, s) => ({ w, s })).filter(({ w }) => w > 0n)
      corral = corral.filter((_, s) => moved[s] > 0n)
      const scaled = primitive([...kept.map(({ w }) => w), total * target.total * denominator])
      weights = scaled.slice(0, -1)
      total = scaled[scaled.length - 1]
    }
  }
}

/** A key's point around the key asked about, and by how much its bias is above that key's. */
export interface KeyPoint {
  readonly key: number
  readonly vector: readonly bigint[]
  readonly rise: bigint
}

/** A single key as a vertex. */
export function keyVertex({ key, vector }: KeyPoint): Vertex {
  return { vector, scale: 1n, keys: [key], weights: [1n] }
}

/** The oracle of the hull of keys: the lowest of them. */
export function lowestKey(points: readonly KeyPoint[]): (x: readonly bigint[]) => Lowest {
  return (x) => {
    const heights = points.map(({ vector }) => dotIntegers(x, vector))
    const best = heights.reduce((lowest, height, at) => (height < heights[lowest] ? at : lowest), 0)
    return { vertex: keyVertex(points[best]), slope: { n: 0n, d: 1n } }
  }
}

/**
 * The oracle under a bias: the lowest point of the hull with `Σ w_j·rise_j >= 0`, by a linear program in two variables, the
 * greatest over μ >= 0 of `min_j (x·a_j − μ·rise_j)`. Some rise must be >= 0. Each round puts a lower line at the crossing of
 * the two in place of one of them, so no pair returns.
 */
export function lowestUnderBias(points: readonly KeyPoint[]): (x: readonly bigint[]) => Lowest {
  return (x) => {
    const lines = points.map((point) => ({ point, height: dotIntegers(x, point.vector), rise: point.rise }))
    let below = lines[0]
    let above = lines[0]
    for (const line of lines) {
      if (line.height < below.height || (line.height === below.height && line.rise > below.rise)) below = line
      if (line.rise > above.rise) above = line
    }
    if (below.rise >= 0n) return { vertex: keyVertex(below.point), slope: { n: 0n, d: 1n } }
    for (;;) {
      const n = above.height - below.height
      const d = above.rise - below.rise
      const at = (line: { height: bigint; rise: bigint }): bigint => line.height * d - n * line.rise
      const lowest = lines.reduce((best, line) => (at(line) < at(best) ? line : best), below)
      if (at(lowest) === at(below)) {
        const weights = [-below.rise, above.rise]
        const [up, down] = [above.point, below.point]
        const vector = up.vector.map((value, c) => value * weights[0] + down.vector[c] * weights[1])
        return { vertex: { vector, scale: d, keys: [up.key, down.key], weights }, slope: { n, d } }
      }
      if (lowest.rise >= 0n) above = lowest
      else below = lowest
    }
  }
}
