/** Small key sets, most of them degenerate, and what two independent solvers say of a key's largest weight. */
import { attainableWeight } from '../../src/index.ts'
import { dual, primal, problemOf, unlimited } from '../reference/attainable.ts'
import type { Uniform } from './families.ts'

export interface WeightCase {
  readonly family: string
  readonly keys: number[][]
  readonly i: number
  readonly bias: number[] | undefined
}

const integer = (uniform: Uniform, low: number, high: number): number => low + Math.floor(uniform() * (high - low + 1))
const normal = (uniform: Uniform): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
const table = (n: number, d: number, entry: () => number): number[][] =>
  Array.from({ length: n }, () => Array.from({ length: d }, entry))

/** All in binary fractions of few digits, so that ties are exact; but for `gaussian`, which has none. */
const families: Record<string, (uniform: Uniform, n: number, d: number) => number[][]> = {
  gaussian: (uniform, n, d) => table(n, d, () => normal(uniform)),
  lattice: (uniform, n, d) => table(n, d, () => integer(uniform, -2, 2)),
  copies: (uniform, n, d) => {
    const base = table(Math.ceil(n / 2), d, () => integer(uniform, -8, 8) / 4)
    return Array.from({ length: n }, () => [...base[integer(uniform, 0, base.length - 1)]!])
  },
  faces: (uniform, n, d) => {
    const rows = table(n, d, () => integer(uniform, -3, 3))
    for (let k = 0; k < n / 2; k++) {
      const [a, b] = [rows[integer(uniform, 0, n - 1)]!, rows[integer(uniform, 0, n - 1)]!]
      rows[k] = a.map((x, c) => (x + b[c]!) / 2)
    }
    return rows
  },
  flat: (uniform, n, d) => {
    const directions = table(Math.max(1, d - 1), d, () => integer(uniform, -2, 2))
    return Array.from({ length: n }, () => {
      const shares = directions.map(() => integer(uniform, -2, 2))
      return Array.from({ length: d }, (_, c) => shares.reduce((sum, w, r) => sum + w * directions[r]![c]!, 0))
    })
  },
  line: (uniform, n, d) => {
    const direction = Array.from({ length: d }, () => integer(uniform, -2, 2))
    return Array.from({ length: n }, () => {
      const t = integer(uniform, -4, 4)
      return direction.map((x) => t * x)
    })
  },
}

const names = Object.keys(families)

export function drawCase(uniform: Uniform, index: number): WeightCase {
  const family = names[index % names.length]!
  const n = integer(uniform, 2, 9)
  const d = integer(uniform, 1, 4)
  const keys = families[family]!(uniform, n, d)
  const bias = uniform() < 0.3 ? Array.from({ length: n }, () => 2 * normal(uniform)) : undefined
  return { family, keys, i: integer(uniform, 0, n - 1), bias }
}

export const norms: readonly number[] = [0, 0.1, 1, 10, 100, Infinity]

/** The contract's: weight and bound, and both with the truth, agree to this. */
export const agreement = 1e-9

/** The references' own error in f, of which a weight moves by at most as much, relatively. */
const referenceError = 1e-10

const weightOf = (f: number): number => 1 / (1 + Math.exp(f))

/** What is wrong with the answers for one case, over all norms; also the largest relative gap between weight and bound. */
export function judge({ keys, i, bias }: WeightCase): { flaws: string[]; gap: number } {
  const d = keys[0]!.length
  const flaws: string[] = []
  let widest = 0
  let before = 0
  for (const maxNorm of norms) {
    const { weight, bound } = attainableWeight(keys, i, { maxNorm, bias, tolerance: 0 })
    const problem = problemOf(keys, i, 1 / Math.sqrt(d), bias)
    const limit = maxNorm < Infinity ? null : weightOf(unlimited(keys, i, 1 / Math.sqrt(d), bias))
    // At the norm that the query has, both references say more or less than the truth, never the other way.
    const least = limit ?? weightOf(primal(problem, maxNorm, referenceError / 4))
    const most = limit ?? weightOf(dual(problem, maxNorm))
    const spare = (agreement + referenceError) * bound
    if (!(bound - weight <= agreement * bound)) flaws.push(`R ${maxNorm}: weight ${weight} and bound ${bound} disagree`)
    if (!(most - least <= spare)) flaws.push(`R ${maxNorm}: the references disagree: ${least}, ${most}`)
    if (!(Math.abs(weight - least) <= spare))
      flaws.push(`R ${maxNorm}: weight ${weight}, ${least} by the ellipsoid method`)
    if (!(Math.abs(bound - most) <= spare)) flaws.push(`R ${maxNorm}: bound ${bound}, ${most} by the dual`)
    if (!(bound >= before)) flaws.push(`R ${maxNorm}: bound ${bound}, and at a smaller norm weight ${before}`)
    widest = Math.max(widest, (bound - weight) / bound)
    before = weight
  }
  return { flaws, gap: widest }
}
