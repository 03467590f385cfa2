/**
 * One key under a bias: scores `q·k_j + b_j`.
 *
 * With `a_j = k_j − k_i` and `β_j = b_j − b_i`, the largest margin `min_j (−q·a_j − β_j)/‖q‖` over q is the distance of the origin
 * from `{Σ w_j a_j : w convex, Σ w_j β_j >= 0}`. That is a polytope whose vertices are keys with β >= 0 and the points where
 * β = 0 on an edge between a key above and one below; Wolfe's algorithm walks on it, and finding its lowest vertex in a
 * direction is a linear program in two variables: maximise over μ >= 0 the least `x·a_j − μ·β_j`.
 */
import { gamma } from './bounds.ts'
import { hullPoint, isWithin, provenMargin } from './certificate.ts'
import { createCorral } from './corral.ts'
import { dyadic, ldexp } from './exact/dyadic.ts'
import { proveDominated } from './dominated.ts'
import type { ExactSolver } from './exactly.ts'
import { boundHull, gatherPoints } from './hull.ts'
import { exponentOf } from './keyset.ts'
import type { Prepared } from './prepare.ts'
import type { Proof } from './proof.ts'
import { stepLimit } from './search.ts'
import type { Search } from './search.ts'

/** The lowest vertex in a direction: `share` of the way from key `below` to key `above`, at height `value`, multiplier `mu`. */
interface Lowest {
  readonly above: number
  readonly below: number
  readonly share: number
  readonly value: number
  readonly mu: number
}

/**
 * Maximises `min_j (height_j − μ·rise_j)` over μ >= 0, given that some rise is >= 0. Each round replaces one of two lines by
 * a lower one at their crossing, as Newton's method does on a concave piecewise linear function, so no line returns.
 */
function lowestVertex(height: Float64Array, rise: Float64Array, own: number): Lowest {
  const n = height.length
  let below = -1
  let above = -1
  for (let j = 0; j < n; j++) {
    if (j === own) continue
    if (below < 0 || height[j] < height[below] || (height[j] === height[below] && rise[j] > rise[below])) below = j
    if (above < 0 || rise[j] > rise[above] || (rise[j] === rise[above] && height[j] < height[above])) above = j
  }
  if (rise[below] >= 0) return { above: below, below, share: 1, value: height[below], mu: 0 }
  for (let round = 0; ; round++) {
    const mu = (height[above] - height[below]) / (rise[above] - rise[below])
    const value = height[below] - mu * rise[below]
    let lowest = below
    let least = value
    for (let j = 0; j < n; j++) {
      const at = height[j] - mu * rise[j]
      if (j !== own && at < least && j !== above) {
        least = at
        lowest = j
      }
    }
    if (lowest === below || round >= n) {
      return { above, below, share: rise[below] / (rise[below] - rise[above]), value, mu }
    }
    if (rise[lowest] >= 0) above = lowest
    else below = lowest
  }
}

/** Proves key i under the set's bias: a walk first, exact arithmetic for ties and for what rounding leaves open. */
export function solveBiased(search: Search, i: number, tolerance: number, exact: ExactSolver): Proof {
  const { prepared } = search
  const { keys, z, count, place, copies, exponent, first } = prepared
  const { d } = keys
  const bias = keys.bias ?? new Float64Array(keys.n)
  const v = place[i]
  const zero = new Float64Array(d)
  if (provenMargin(keys, i, zero, tolerance).exceeds) return { verdict: 'selectable', query: zero }
  if (copies[v] > 1) return exact(i, tolerance, [], null)
  const biasExponent = exponentOf(bias)
  const rise = Float64Array.from({ length: count }, (_, w) => ldexp(bias[first[w]] - bias[i], -biasExponent))
  if (!rise.some((x, w) => w !== v && x >= 0)) return exact(i, tolerance, [], null)
  const corral = createCorral(d)
  const height = new Float64Array(count)
  const point = new Float64Array(d)
  const atoms: Lowest[] = []
  const x = zero.slice()
  for (let c = 0; c < d; c++) x[c] = -z[v * d + c]
  const placeAtom = (atom: Lowest): void => {
    for (let c = 0; c < d; c++) {
      const low = z[atom.below * d + c]
      point[c] = low + atom.share * (z[atom.above * d + c] - low) - z[v * d + c]
    }
  }
  const scaled = ldexp(tolerance, -exponent)
  const rounding = gamma(d + 4) * 2 * (prepared.norms[v] + prepared.largest)
  let previous = Infinity
  for (let step = 0; step < stepLimit(d); step++) {
    let norm = 0
    for (let c = 0; c < d; c++) norm += x[c] * x[c]
    norm = Math.sqrt(norm)
    for (let w = 0; w < count; w++) {
      let sum = 0
      for (let c = 0; c < d; c++) sum += x[c] * (z[w * d + c] - z[v * d + c])
      height[w] = sum
    }
    const lowest = lowestVertex(height, rise, v)
    if (lowest.value > (scaled + rounding) * norm) {
      const proof = selecting(prepared, i, x, lowest, scaled * norm, biasExponent, tolerance)
      if (proof !== null) return proof
    }
    if (step > 0 && (!(norm < previous) || corral.size() === d + 1 || !(norm > Math.max(scaled, rounding)))) break
    if (step > 0) previous = norm
    placeAtom(lowest)
    const label = atoms.push(lowest) - 1
    if (step === 0) corral.reset(point, label, 1)
    else if (!corral.enter(point, label)) break
    x.set(corral.nearest)
  }
  const below = proveDominated(search, v, rise)
  return below ?? inHull(prepared, i, atoms, corral.labels, corral.weights, corral.size(), tolerance, exact)
}

/**
 * The query −x/μ, if it proves a margin above the tolerance. Where μ = 0 any long query along −x does: rises are at most 2 here,
 * so with F = 4/(value − tolerance·‖x‖) the query −F·x keeps `F·value − 2 > tolerance·F·‖x‖`.
 */
function selecting(
  { keys, exponent }: Prepared,
  i: number,
  x: Float64Array,
  { mu, value: least }: Lowest,
  slack: number,
  biasExponent: number,
  tolerance: number,
): Proof | null {
  const factor = mu > 0 ? 1 / mu : 4 / (least - slack)
  const query = x.map((value) => ldexp(-value * factor, biasExponent - exponent))
  if (!query.every((value) => Number.isFinite(value))) return null
  return provenMargin(keys, i, query, tolerance).exceeds ? { verdict: 'selectable', query } : null
}

/** Hull weights from the corral's atoms; the verdict itself, tied or unselectable, is an exact decision. */
function inHull(
  { keys, first, exponent }: Prepared,
  i: number,
  atoms: readonly Lowest[],
  labels: Int32Array,
  corralWeights: Float64Array,
  m: number,
  tolerance: number,
  exact: ExactSolver,
): Proof {
  const totals = new Map<number, number>()
  const give = (v: number, weight: number): void => {
    if (weight > 0) totals.set(first[v], (totals.get(first[v]) ?? 0) + weight)
  }
  for (let s = 0; s < m; s++) {
    const { above, below, share } = atoms[labels[s]]
    give(above, corralWeights[s] * share)
    give(below, corralWeights[s] * (1 - share))
  }
  const hints = [...totals.keys()]
  const points = gatherPoints(keys, i, hints, exponent)
  const hull = boundHull(points, keys.d, hints, Float64Array.from(totals.values()))
  if (hull.support.length === 0) return exact(i, tolerance, hints, null)
  const point = hullPoint(keys, i, hull.support, hull.weights)
  const near = tolerance > 0 && isWithin(point, dyadic(tolerance)) && point.reachesBias
  return exact(i, tolerance, hints, near ? { support: hull.support, weights: hull.weights, exact: false } : null)
}
