/** Keys that normalise to one point tie: where LayerNorm and RMSNorm make no key alone at the top. */
import type { Arbitrary } from 'fast-check'
import { layerNorm, rmsNorm, selectability } from '../../index.ts'
import { heavyKeys, integerRows, latticeKeys } from '../arbitraries.ts'
import { distinct } from '../distinct.ts'
import type { Normalise } from '../distinct.ts'
import { claim, largest, normalisedError, rowsOf } from '../rounding.ts'
import type { FastCheck, Rows, Theorem } from '../types.ts'

const bound = 'what bounds the claim that all normalised keys are selectable; '

interface Copied {
  readonly keys: Rows
  /** Two keys, of which the second is a positive multiple of the first, plus a constant under LayerNorm. */
  readonly pair: readonly [number, number]
}

const byLayerNorm: Normalise = (keys) => layerNorm(keys, { eps: 0 })
const byScale: Normalise = (keys) => rmsNorm(keys, { eps: 0 })

/** A set of distinct keys with s·k_0 + c·1 added; integers times a power of two, so that the copy is exact. */
function copies(fc: FastCheck, normalise: Normalise, maxShift: number): Arbitrary<Copied> {
  return fc
    .record({
      keys: fc.oneof(latticeKeys(fc, { minDimension: 2 }), heavyKeys(fc, { minDimension: 2 })),
      factor: fc.integer({ min: 1, max: 8 }),
      shift: fc.integer({ min: -maxShift, max: maxShift }),
    })
    .map(({ keys, ...rest }) => ({ keys: distinct(keys, normalise), ...rest }))
    .filter(({ keys }) => keys.length > 0)
    .map(({ keys, factor, shift }) => {
      const c = shift * largest(keys[0])
      return { keys: [...keys, keys[0].map((x) => factor * x + c)], pair: [0, keys.length] }
    })
}

function claimTied(points: Rows, pair: readonly number[]): void {
  // Either point of the pair lies this near to where both belong.
  const tolerance = 2 * normalisedError(points[0].length)
  const { verdicts } = selectability(points, { tolerance })
  for (const i of pair)
    claim(verdicts[i] === 'tied', () => `expected keys ${pair.join(' and ')} to tie, ${i} is ${verdicts[i]}`)
}

export const normalisedDuplicatesTie: Theorem<Copied> = {
  id: 'normalised-duplicates-tie',
  statement:
    'Keys that differ by a shift and a positive factor, $k_j = s k_i + c \\cdot 1$ with $s > 0$, have one and the same LayerNorm: ' +
    'they tie, and neither is selectable.',
  hypotheses: ['s > 0', 'k_i is not constant', 'no other key normalises to that point'],
  source: bound + 'Brody, Alon and Yahav 2023 assume distinct normalised keys',
  arbitrary: (fc) => copies(fc, byLayerNorm, 8),
  about: () => [],
  check: ({ keys, pair }) => claimTied(rowsOf(byLayerNorm(keys)), pair),
}

export const keysOnARayTie: Theorem<Copied> = {
  id: 'keys-on-a-ray-tie',
  statement: 'Keys on one ray, $k_j = s k_i$ with $s > 0$, have the same RMSNorm: they tie, and neither is selectable.',
  hypotheses: ['s > 0', 'k_i is not 0', 'no other key is on that ray'],
  source: bound + 'the trap of scaling alone',
  arbitrary: (fc) => copies(fc, byScale, 0),
  about: () => [],
  check: ({ keys, pair }) => claimTied(rowsOf(byScale(keys)), pair),
}

interface Planar {
  readonly keys: Rows
}

export const planeCollapses: Theorem<Planar> = {
  id: 'plane-collapses-under-layernorm',
  statement:
    'In $d = 2$ LayerNorm with $\\varepsilon = 0$ puts every key on $(1, -1)$ or $(-1, 1)$: a key is selectable if and only if it ' +
    'is alone on its side, so of three keys one at least is not.',
  hypotheses: ['d = 2', 'no key is constant'],
  source: bound + 'the hyperplane ⟂ 1 of the plane is a line, and its sphere two points',
  arbitrary: (fc) =>
    integerRows(fc, { minKeys: 1, minDimension: 2, maxDimension: 2 }, 8)
      .map((keys) => ({ keys: keys.filter(([x, y]) => x !== y) }))
      .filter(({ keys }) => keys.length > 0),
  about: () => [],
  check({ keys }) {
    const points = rowsOf(byLayerNorm(keys))
    const error = normalisedError(2)
    const sides = keys.map(([x, y]) => Math.sign(x - y))
    points.forEach((point, i) => {
      const off = Math.hypot(point[0] - sides[i], point[1] + sides[i], ...point.slice(2))
      claim(off <= error, () => `key ${i} is at (${point.join(', ')}), not at (${sides[i]}, ${-sides[i]})`)
    })
    const { verdicts } = selectability(points, { tolerance: 2 * error })
    verdicts.forEach((verdict, i) => {
      const alone = sides.filter((side) => side === sides[i]).length === 1
      claim(verdict === (alone ? 'selectable' : 'tied'), () => `key ${i} is ${verdict}, alone on its side: ${alone}`)
    })
  },
}
