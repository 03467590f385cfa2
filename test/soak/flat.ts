/** Key sets that are hard on floats: nearly flat, of the most different sizes, under large biases, at norms up to the largest. */
import { attainableWeight } from '../../src/index.ts'
import type { Uniform } from './families.ts'
import { agreement } from './weights.ts'

const normal = (uniform: Uniform): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
const table = (n: number, d: number, entry: (c: number) => number): number[][] =>
  Array.from({ length: n }, () => Array.from({ length: d }, (_, c) => entry(c)))

/** Points of rank r in d dimensions, but for rounding. */
function ofRank(uniform: Uniform, n: number, d: number, r: number): number[][] {
  const basis = table(r, d, () => normal(uniform))
  return table(n, r, () => normal(uniform)).map((shares) =>
    Array.from({ length: d }, (_, c) => shares.reduce((sum, w, k) => sum + w * basis[k]![c]!, 0)),
  )
}

export const flatFamilies: Record<string, (uniform: Uniform) => number[][]> = {
  thin: (uniform) => {
    const thickness = 10 ** -(3 + 13 * uniform())
    return table(8, 3, (c) => (c < 2 ? 1 : thickness) * normal(uniform))
  },
  'of the most different sizes': (uniform) =>
    Array.from({ length: 8 }, () => {
      const size = 10 ** (3 * normal(uniform))
      return [size * normal(uniform), size * normal(uniform)]
    }),
  'of low rank but for rounding': (uniform) => {
    const r = 1 + Math.floor(3 * uniform())
    return ofRank(uniform, 12, r + 1 + Math.floor(2 * uniform()), r)
  },
  'with coordinates of the most different sizes': (uniform) => {
    const sizes = [10 ** (4 * normal(uniform)), 10 ** (4 * normal(uniform))]
    return table(8, 2, (c) => sizes[c]! * normal(uniform))
  },
  gaussian: (uniform) => {
    const d = 1 + Math.floor(5 * uniform())
    return table(d + 2 + Math.floor(10 * uniform()), d, () => normal(uniform))
  },
}

const names = Object.keys(flatFamilies)

export interface FlatCase {
  readonly family: string
  readonly keys: number[][]
  readonly i: number
  readonly bias: number[] | undefined
  readonly tolerance: number | undefined
}

/** Half of the sets have biases that are large beside the logits; the tolerance, which counts without a norm limit, is 0, the default or more. */
export function drawFlat(uniform: Uniform, index: number, family: string = names[index % names.length]!): FlatCase {
  const keys = flatFamilies[family]!(uniform)
  const bias = uniform() < 0.5 ? keys.map(() => 30 * normal(uniform)) : undefined
  const largest = Math.max(...keys.flat().map(Math.abs))
  const tolerance = [0, 0, undefined, 1e-9 * largest, 1e-3 * largest][Math.floor(5 * uniform())]
  return { family, keys, i: Math.floor(keys.length * uniform()), bias, tolerance }
}

export const flatNorms: readonly number[] = [0, 1e-3, 1, 1e3, 1e6, 1e8, 1e9, 1e10, 1e12, 1e300, Infinity]

/** Whether every norm has an answer, both of whose ends agree, and none is below that of a smaller norm; also the widest gap. */
export function judgeFlat({ keys, i, bias, tolerance }: FlatCase): { flaws: string[]; gap: number } {
  const flaws: string[] = []
  let widest = 0
  let before = 0
  for (const maxNorm of flatNorms) {
    const { weight, bound } = attainableWeight(keys, i, { maxNorm, bias, tolerance })
    if (!(weight <= bound)) flaws.push(`R ${maxNorm}: weight ${weight} above bound ${bound}`)
    if (bound < 2 ** -1000) continue
    if (!(bound - weight <= agreement * bound)) flaws.push(`R ${maxNorm}: weight ${weight} and bound ${bound} disagree`)
    // A key that is near the hull counts as in it only without a norm limit.
    if (!(bound >= before) && (maxNorm < Infinity || tolerance === 0)) {
      flaws.push(`R ${maxNorm}: bound ${bound}, and at a smaller norm weight ${before}`)
    }
    widest = Math.max(widest, (bound - weight) / bound)
    before = weight
  }
  return { flaws, gap: widest }
}
