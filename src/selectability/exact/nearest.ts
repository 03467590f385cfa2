/**
 * The point of a hull nearest to the origin, exactly: Wolfe's algorithm (1976, doi:10.1007/BF01580381) in integers.
 *
 * It decides the few keys whose distance from the hull is too near a positive tolerance, or too small against the other
 * distances, for floating point. Each corral's nearest point is nearer than the last one's, so no corral repeats and the walk ends.
 */
import { dotIntegers, primitive, reduce } from './linear.ts'

/** `x = (Σ weights_s·point_s)/total`, the nearest point; `vector` is x·total. */
export interface NearestPoint {
  readonly vector: bigint[]
  readonly support: number[]
  readonly weights: bigint[]
  readonly total: bigint
}

/** Affine weights, over `total` > 0, of the point nearest to the origin in the affine hull of independent points; null if dependent. */
function affineMinimiser(corral: readonly (readonly bigint[])[]): { weights: bigint[]; total: bigint } | null {
  const m = corral.length
  const system = corral.map((a) => [...corral.map((b) => dotIntegers(a, b)), 1n, 0n])
  system.push([...new Array<bigint>(m).fill(1n), 0n, 1n])
  const { rows, columns, det } = reduce(system, m + 1)
  if (columns.length <= m) return null
  const sign = det < 0n ? -1n : 1n
  const solution = primitive([...rows.slice(0, m).map((row) => sign * (row[m + 1] ?? 0n)), sign * det])
  return { weights: solution.slice(0, m), total: solution[m] ?? 1n }
}

function combine(points: readonly (readonly bigint[])[], weights: readonly bigint[]): bigint[] {
  const width = points[0]?.length ?? 0
  return Array.from({ length: width }, (_, c) =>
    points.reduce((sum, point, s) => sum + (weights[s] ?? 0n) * (point[c] ?? 0n), 0n),
  )
}

/** Complexity: per step O(n·d + m³) exact products, m <= d + 1 the size of the corral. */
export function nearestPoint(points: readonly (readonly bigint[])[], start: number): NearestPoint {
  let support = [start]
  let weights = [1n]
  let total = 1n
  for (;;) {
    const vector = combine(
      support.map((j) => points[j] ?? []),
      weights,
    )
    const sqNorm = dotIntegers(vector, vector)
    let enter = -1
    let least = sqNorm
    points.forEach((point, j) => {
      const height = dotIntegers(vector, point) * total
      if (height < least) {
        least = height
        enter = j
      }
    })
    if (enter < 0) return { vector, support, weights, total }
    support = [...support, enter]
    weights = [...weights, 0n]
    for (;;) {
      const target = affineMinimiser(support.map((j) => points[j] ?? []))
      if (target === null) throw new Error('nearestPoint: the entering point depends affinely on the corral')
      if (target.weights.every((w) => w > 0n)) {
        weights = target.weights
        total = target.total
        break
      }
      let numerator = 1n
      let denominator = 1n
      target.weights.forEach((w, s) => {
        const own = (weights[s] ?? 0n) * target.total
        const change = own - w * total
        if (w <= 0n && own * denominator < numerator * change) {
          numerator = own
          denominator = change
        }
      })
      const moved = weights.map(
        (w, s) => w * target.total * (denominator - numerator) + (target.weights[s] ?? 0n) * total * numerator,
      )
      const kept = moved.map((w, s) => ({ w, s })).filter(({ w }) => w > 0n)
      support = kept.map(({ s }) => support[s] ?? 0)
      const scaled = primitive([...kept.map(({ w }) => w), total * target.total * denominator])
      weights = scaled.slice(0, -1)
      total = scaled[scaled.length - 1] ?? 1n
    }
  }
}
