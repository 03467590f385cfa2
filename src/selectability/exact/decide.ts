/**
 * The verdict of one key at tolerance 0, decided completely in integer arithmetic.
 *
 * The floats are integers over a common power of two. Around key i the other keys are points `a_j = k_j − k_i`. If the origin
 * is outside their hull, a Farkas vector selects the key. If it is inside, its weights show a face that the key lies on; modulo
 * the span L of that face the same question is asked again (facial reduction: J. M. Borwein and H. Wolkowicz, *Regularizing the
 * abstract convex program*, 1981, doi:10.1016/0022-247X(81)90138-4): outside means tied, by a query that is 0 on L and below
 * elsewhere; inside means that the face is larger than thought. The rank of L grows each round, so at most d rounds decide.
 *
 * With a bias the points are `(a_j, b_j − b_i)` and one more, `(0, −1)`: a query (q, t) below 0 on that one has t > 0.
 */
import { minus } from './integers.ts'
import type { IntegerKeys } from './integers.ts'
import { dotIntegers, nullspace, primitive, reduce } from './linear.ts'
import { solveUnique } from './padic.ts'
import { separateOrigin } from './simplex.ts'

/** An exact verdict; `query` has d entries, or d + 1 under a bias; `weights` are integers in proportion. */
export type Decision = {
  readonly support: number[]
  readonly weights: bigint[]
} & (
  | { readonly verdict: 'selectable' | 'tied'; readonly query: bigint[] }
  | { readonly verdict: 'unselectable'; readonly query: null }
)

/**
 * Decides key i at tolerance 0; `hints` are keys likely to be in its support.
 *
 * Complexity: at most min(d, n) exact linear programs with n − 1 points in d dimensions.
 */
export function decideExactly(keys: IntegerKeys, i: number, biased: boolean, hints: readonly number[] = []): Decision {
  const { rows } = keys
  const origin = rows[i]
  const width = origin.length
  const points = rows.map((row) => minus(row, origin))
  if (rows.length > 1 && points.every((point) => point.every((x) => x === 0n))) {
    const query = unit(width, biased ? width - 1 : 0)
    return { verdict: 'tied', query, support: [i === 0 ? 1 : 0], weights: [1n] }
  }
  const ray = rows.length
  if (biased) points.push(unit(width, width - 1).map((x) => -x))
  let face: Face = biased ? noFace : proposedFace(hints, points, width)
  if (face.support.length > width) return unselectable(face, ray)
  const spanning = [...face.support]
  let complement = spanning.length === 0 ? null : complementOf(spanning, points, width)
  for (;;) {
    const live: number[] = []
    const projected: (readonly bigint[])[] = []
    for (let j = 0; j < points.length; j++) {
      const image = complement === null ? points[j] : complement.map((row) => dotIntegers(row, points[j]))
      if (j === i || (complement !== null && image.every((x) => x === 0n))) continue
      live.push(j)
      projected.push(image)
    }
    const lost = biased && !live.includes(ray)
    if (lost || !live.some((j) => j !== ray)) return unselectable(face, ray)
    const result = separateOrigin(
      projected,
      complement?.length ?? width,
      hints.map((j) => live.indexOf(j)).filter((at) => at >= 0),
    )
    if ('query' in result) {
      const query = complement === null ? result.query : combine(complement, result.query)
      return { verdict: spanning.length === 0 ? 'selectable' : 'tied', query, ...keyPart(face, ray) }
    }
    const found = result.support.map((at) => live[at])
    if (spanning.length === 0) face = { support: found, weights: result.weights }
    else if (!biased) face = join(face, found, result.weights, points)
    spanning.push(...found)
    complement = complementOf(spanning, points, width)
  }
}

/** Integer vectors by key, and under a bias one more, the ray; the key asked about is the origin. */
type Points = readonly (readonly bigint[])[]

/** Points with weights > 0 that give 0. */
export interface Face {
  readonly support: readonly number[]
  readonly weights: readonly bigint[]
}

const noFace: Face = { support: [], weights: [] }

/** The hints as a face, if the origin is in the relative interior of their simplex or of a face of it; else none. */
function proposedFace(hints: readonly number[], points: Points, width: number): Face {
  const rows = Array.from({ length: width }, (_, c) => hints.map((j) => points[j][c]))
  const found = solveUnique([...rows, hints.map(() => 1n)], [...rows.map(() => 0n), 1n])
  if (found === null || found.numerators.some((w) => w < 0n)) return noFace
  const kept = hints.filter((_, s) => found.numerators[s] !== 0n)
  return { support: kept, weights: found.numerators.filter((w) => w !== 0n) }
}

function complementOf(support: readonly number[], points: Points, width: number): bigint[][] {
  return nullspace(
    support.map((j) => points[j]),
    width,
  )
}

function unit(width: number, at: number): bigint[] {
  return Array.from({ length: width }, (_, c) => (c === at ? 1n : 0n))
}

function combine(rows: readonly bigint[][], factors: readonly bigint[]): bigint[] {
  const width = rows[0].length
  return primitive(Array.from({ length: width }, (_, c) => rows.reduce((sum, row, r) => sum + row[c] * factors[r], 0n)))
}

/** The keys of a face and their weights, without the ray that stands for a lower bias. */
function keyPart(face: Face, ray: number): { support: number[]; weights: bigint[] } {
  const kept = face.support.map((j, at) => ({ j, w: face.weights[at] })).filter(({ j }) => j !== ray)
  return { support: kept.map(({ j }) => j), weights: kept.map(({ w }) => w) }
}

function unselectable(face: Face, ray: number): Decision {
  return { verdict: 'unselectable', query: null, ...keyPart(face, ray) }
}

/**
 * Adds to a face a second set of points whose positive combination lies in its span: `Σ μ_t a_t = −Σ c_s a_s`, so that
 * `μ + c + T·weights` is a positive combination of all of them giving 0 once T is large enough; twice that keeps it positive
 * when the weights are rounded.
 */
function join(face: Face, added: readonly number[], mu: readonly bigint[], points: Points): Face {
  const size = face.support.length
  const columns = face.support.map((j) => points[j])
  const system = columns[0].map((_, c) => [
    ...columns.map((point) => point[c]),
    -added.reduce((sum, j, at) => sum + mu[at] * points[j][c], 0n),
  ])
  const { rows, columns: pivots, det } = reduce(system, size)
  const sign = det < 0n ? -1n : 1n
  const shift = new Array<bigint>(size).fill(0n)
  pivots.forEach((column, r) => (shift[column] = sign * rows[r][size]))
  const multiple = shift.reduce((most, x, s) => {
    const needed = 2n * (-x / face.weights[s] + 1n)
    return needed > most ? needed : most
  }, 1n)
  const own = face.weights.map((weight, s) => shift[s] + multiple * weight)
  const others = mu.map((weight) => sign * det * weight)
  return { support: [...face.support, ...added], weights: primitive([...own, ...others]) }
}

/** A face with more points of its span in it, each with a positive weight. */
export function shareFace(face: Face, more: readonly number[], points: Points): Face {
  return join(
    face,
    more,
    more.map(() => 1n),
    points,
  )
}
