/** Instances that break one hypothesis of a theorem each: among them fast-check must find one that fails the check. */
import type { Arbitrary } from 'fast-check'
import fc from 'fast-check'
import { integerRows } from '../../src/testing/arbitraries.ts'
import { interiorKeys, latticeKeys, tiedKeys, vertexKeys } from '../../src/testing/index.ts'

interface Broken {
  readonly id: string
  /** The hypothesis that is dropped. */
  readonly without: string
  readonly instances: Arbitrary<unknown>
}

const plane = { minDimension: 2, maxDimension: 2 }
const space = { minDimension: 3, maxDimension: 3, minKeys: 3 }
const eps = fc.constantFrom(0, 16, 64)
/** Short vectors that lie on no ray of the long ones, before or after the projection. */
const short = fc.constantFrom([1, 1, -2], [2, -1, -1], [1, 2, -3])
const long = [-4, 4].flatMap((x) => [[x, 0, 0], [0, x, 0], [0, 0, x]]) // prettier-ignore
const ones = (d: number): number[] => new Array<number>(d).fill(1)
const zeros = (d: number): number[] => new Array<number>(d).fill(0)

/** The six vectors e_a − e_b of three coordinates. */
const roots = [
  [4, -4, 0],
  [-4, 4, 0],
  [4, 0, -4],
  [-4, 0, 4],
  [0, 4, -4],
  [0, -4, 4],
]

export const broken: readonly Broken[] = [
  {
    id: 'layernorm-is-projection-then-scaling',
    without: 'finite entries',
    instances: latticeKeys(fc).map((keys) => ({ keys: [...keys, keys[0].map(() => NaN)], eps: 0 })),
  },
  {
    id: 'scaling-puts-keys-on-a-sphere',
    without: 'ε = 0',
    instances: fc.record({ keys: short.map((x) => [x]), eps }),
  },
  {
    id: 'scaling-puts-keys-on-a-sphere',
    without: 'keys that are not 0',
    instances: fc.constant({ keys: [[0, 0]], eps: 0 }),
  },
  {
    id: 'unselectable-iff-in-hull',
    without: 'weights >= 0: the key is an affine combination',
    instances: interiorKeys(fc, { maxDimension: 2 }).map(({ keys, key }) => {
      const away = keys.map((x, j) =>
        j === key ? x.map((entry, c) => 100 * entry - 99 * keys[(j + 1) % keys.length][c]) : x,
      )
      return { keys: away, known: [{ key, inHull: true }] }
    }),
  },
  {
    id: 'unselectable-iff-in-hull',
    without: 'a query for the key outside',
    instances: vertexKeys(fc).map(({ keys }) => ({ keys, known: keys.map((_, key) => ({ key, inHull: false })) })),
  },
  {
    id: 'large-key-swallows-neighbours',
    without: 'the interior: the remaining keys are any',
    instances: fc.record({
      keys: integerRows(fc, { minKeys: 3 }),
      key: fc.constant(0),
      rival: fc.constant(1),
      factors: fc.constant([1000]),
    }),
  },
  {
    id: 'large-key-swallows-neighbours',
    without: 'factors beyond t₀',
    instances: fc.integer({ min: 1, max: 1000 }).map((factor) => {
      const keys = [[5, 0], [1, 0], [3, 0], [1, 0], [2, 1], [2, -1]] // prettier-ignore
      return { keys, key: 0, rival: 1, factors: [factor] }
    }),
  },
  { id: 'projection-alone-is-not-enough', without: 'a key in the hull', instances: vertexKeys(fc) },
  {
    id: 'layernorm-makes-all-selectable',
    without: 'distinct normalised keys',
    instances: short.map((x) => ({ keys: [...roots, x, x.map((entry) => 2 * entry + 1)], eps: 0 })),
  },
  {
    id: 'layernorm-makes-all-selectable',
    without: 'ε = 0',
    instances: fc.record({ keys: short.map((x) => [...roots, x]), eps }),
  },
  {
    id: 'layernorm-makes-all-selectable',
    without: 'keys that are not constant',
    instances: integerRows(fc, { maxKeys: 1 }).map(([[c]]) => ({ keys: [...roots, [c, c, c]], eps: 0 })),
  },
  {
    id: 'rmsnorm-makes-all-selectable',
    without: 'keys on different rays',
    instances: integerRows(fc, { maxKeys: 1 })
      .filter(([x]) => x.some((entry) => entry !== 0))
      .map(([x]) => ({ keys: [x, x.map((entry) => 2 * entry)], eps: 0 })),
  },
  {
    id: 'rmsnorm-makes-all-selectable',
    without: 'ε = 0',
    instances: fc.record({ keys: short.map((x) => [...long, x]), eps }),
  },
  {
    id: 'projection-allows-uniform-attention',
    without: 'the projection',
    instances: latticeKeys(fc).map((keys) => ({ keys, height: 1 / Math.max(1e-200, ...keys.flat().map(Math.abs)) })),
  },
  {
    id: 'selectable-can-take-all',
    without: 'a query that leads for the key',
    instances: interiorKeys(fc).map((planted) => ({ ...planted, query: ones(planted.keys[0].length), weight: 0.9 })),
  },
  {
    id: 'unselectable-cannot-dominate',
    without: 'weights that give the key',
    instances: vertexKeys(fc, { minKeys: 3 }).map(({ keys, key, query }) => {
      const support = keys.map((_, j) => j).filter((j) => j !== key)
      const longest = Math.max(...keys.flat().map(Math.abs))
      return {
        keys,
        key,
        support,
        weights: support.map(() => 1 / support.length),
        query: query.map((q) => (9 * q) / longest),
      }
    }),
  },
  {
    id: 'entropy-bound-is-attained',
    without: 'the query that solves the equations',
    instances: interiorKeys(fc, { minKeys: 3 }).map((planted) => ({
      ...planted,
      query: zeros(planted.keys[0].length),
    })),
  },
  {
    id: 'gain-keeps-all-selectable',
    without: 'a gain with no zero',
    instances: fc.record({
      keys: short.map((x) => [...roots, x]),
      gain: fc.array(fc.constantFrom(1, 0), { minLength: 3, maxLength: 3 }),
      bias: fc.constant([0, 0, 0]),
    }),
  },
  {
    id: 'injective-maps-keep-verdicts',
    without: 'rank d',
    instances: integerRows(fc, space).map((keys) => ({ keys, map: [[1, 0], [0, 1], [0, 0]] })), // prettier-ignore
  },
  {
    id: 'key-on-a-face-is-tied',
    without: 'a key below the face',
    instances: tiedKeys(fc).map(({ query, ...rest }) => ({ ...rest, query: zeros(query.length) })),
  },
  {
    id: 'key-on-a-face-is-tied',
    without: 'a face: the key is inside',
    instances: interiorKeys(fc).map((planted) => ({ ...planted, query: ones(planted.keys[0].length) })),
  },
  {
    id: 'three-keys-in-the-plane',
    without: 'n = 3',
    instances: fc.integer({ min: 1, max: 20 }).map((factor) => {
      const keys = [[2, 1], [1, 1], [2, -2], [-2, 2]] // prettier-ignore
      return { keys, key: 0, rival: 1, factors: [factor] }
    }),
  },
  {
    id: 'three-keys-in-the-plane',
    without: 'general position',
    instances: fc.record({
      keys: integerRows(fc, { ...plane, minKeys: 3, maxKeys: 3 }),
      key: fc.constant(0),
      rival: fc.constant(1),
      factors: fc.constant([1]),
    }),
  },
  {
    id: 'epsilon-breaks-the-sphere',
    without: 'ε > 0',
    instances: fc.constant({ keys: [[1 / 16, 1 / 16, -1 / 8], ...roots], key: 0, eps: 0 }),
  },
  {
    id: 'epsilon-breaks-the-sphere',
    without: 'a variance below ε',
    instances: fc.constant({ keys: [[16, 16, -32], ...roots], key: 0, eps: 1 }),
  },
  {
    id: 'constant-keys-leave-the-sphere',
    without: 'a constant key',
    instances: integerRows(fc, { ...space, maxKeys: 3 }).map(([x]) => ({ keys: [x, ...roots], key: 0, eps: 0 })),
  },
  {
    id: 'constant-keys-leave-the-sphere',
    without: 'keys all around',
    instances: integerRows(fc, space).map((keys) => ({ keys: [[2, 2, 2], ...keys], key: 0, eps: 0 })),
  },
  {
    id: 'normalised-duplicates-tie',
    without: 's > 0',
    instances: fc.record({ x: short, s: fc.integer({ min: -3, max: 3 }) }).map(({ x, s }) => {
      return { keys: [x, ...roots, x.map((entry) => s * entry)], pair: [0, 7] }
    }),
  },
  {
    id: 'keys-on-a-ray-tie',
    without: 'one ray: the copy is shifted, too',
    instances: short.map((x) => ({ keys: [x, x.map((entry) => entry + 1)], pair: [0, 1] })),
  },
  {
    id: 'plane-collapses-under-layernorm',
    without: 'd = 2',
    instances: integerRows(fc, space).map((keys) => ({ keys })),
  },
  {
    id: 'rank-losing-key-map-undoes-layernorm',
    without: 'fewer than d − 1 coordinates: the key matrix loses nothing that the projection left',
    instances: fc.constant({
      keys: [[3, 6, 12], [3, 12, 6], [6, 3, 12], [6, 12, 3], [12, 3, 6], [12, 6, 3]], // prettier-ignore
      map: [[1, 0], [0, 1], [0, 0]], // prettier-ignore
    }),
  },
]
