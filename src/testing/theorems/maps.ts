/** What linear maps before and after LayerNorm do to verdicts: the projection, and a key matrix W_K. */
import type { Arbitrary } from 'fast-check'
import { certify, layerNorm, project, selectability } from '../../index.ts'
import { integerRows, keySets, latticeKeys, normalisedKeys } from '../arbitraries.ts'
import { interiorKeys, tiedKeys } from '../planted.ts'
import { claim, product, projectionError, rowsOf } from '../rounding.ts'
import { seeded } from '../seeded.ts'
import type { FastCheck, Rows, Theorem } from '../types.ts'
import { spread } from './spread.ts'

interface OneKey {
  readonly keys: Rows
  readonly key: number
}

export const projectionAloneIsNotEnough: Theorem<OneKey> = {
  id: 'projection-alone-is-not-enough',
  statement:
    'Projection makes no key selectable that was not: $k_i = \\sum_j w_j k_j$ implies $P k_i = \\sum_j w_j P k_j$, so key sets with an ' +
    'unselectable key still have one.',
  hypotheses: ['the key is in the hull of the others'],
  source: 'Brody, Alon and Yahav 2023, section 4, arXiv:2305.02582',
  arbitrary: (fc) => fc.oneof(interiorKeys(fc), tiedKeys(fc)).map(({ keys, key }) => ({ keys, key })),
  about: (keys) =>
    spread(keys.length)
      .filter((key) => certify(keys, key, { tolerance: 0 }).verdict !== 'selectable')
      .map((key) => ({ keys, key })),
  check({ keys, key }) {
    const projected = rowsOf(project(keys))
    // Each computed row is off by at most this, so the distance from the hull, which is 0, by at most twice as much.
    const errors = keys.map((x, j) => projectionError(x, projected[j]) * Math.sqrt(x.length))
    const { verdict } = certify(projected, key, { tolerance: 2 * Math.max(...errors) })
    claim(verdict !== 'selectable', () => `after the projection key ${key} is selectable`)
  },
}

interface Mapped {
  readonly keys: Rows
  /** W_K: d × h, applied from the right. */
  readonly map: Rows
}

/** d × (d + extra) integers whose first d columns, up to their order, are unit lower triangular: of rank d. */
function injective(fc: FastCheck, d: number): Arbitrary<number[][]> {
  return fc
    .record({
      rows: integerRows(fc, { minKeys: d, maxKeys: d, minDimension: d, maxDimension: d + 2 }, 2),
      turn: fc.nat(),
    })
    .map(({ rows, turn }) => {
      const map = rows.map((row, r) => row.map((x, c) => (c < r || c >= d ? x : c === r ? 1 : 0)))
      return map.map((row) => row.map((_, c) => row[(c + turn) % row.length]))
    })
}

/** [D₁ | D₂] for signed diagonals of powers of two, columns in seeded order: injective, and exact on any floats. */
function exactMap(d: number): number[][] {
  const uniform = seeded('key matrix')
  const columns = Array.from({ length: 2 * d }, (_, c) => c % d)
    .map((axis) => ({ axis, at: uniform(), entry: (uniform() < 0.5 ? -1 : 1) * 2 ** Math.floor(5 * uniform() - 2) }))
    .sort((a, b) => a.at - b.at)
  return Array.from({ length: d }, (_, r) => columns.map(({ axis, entry }) => (axis === r ? entry : 0)))
}

export const injectiveMapsKeepVerdicts: Theorem<Mapped> = {
  id: 'injective-maps-keep-verdicts',
  statement:
    "An injective $W_K$ changes no verdict: for every $q$ there is $q'$ with $W_K q' = q$, and $q' \\cdot W_K^\\top k = q \\cdot k$. " +
    'So after LayerNorm it keeps every key selectable.',
  hypotheses: ['W_K has rank d'],
  source: 'Brody, Alon and Yahav 2023, section 4, arXiv:2305.02582, leave W_K out',
  arbitrary: (fc) =>
    fc.oneof(
      fc.integer({ min: 1, max: 3 }).chain((d) => {
        // Products of small integers are exact, whatever power of two the keys carry.
        return fc.record({ keys: latticeKeys(fc, { minDimension: d, maxDimension: d }), map: injective(fc, d) })
      }),
      fc.oneof(keySets(fc), normalisedKeys(fc)).map((keys) => ({ keys, map: exactMap(keys[0].length) })),
    ),
  about: (keys) =>
    [keys, rowsOf(layerNorm(keys, { eps: 0 }))].map((rows) => ({ keys: rows, map: exactMap(rows[0].length) })),
  check({ keys, map }) {
    const options = { tolerance: 0, certificates: false }
    const before = selectability(keys, options).verdicts
    const after = selectability(product(keys, map), options).verdicts
    const i = after.findIndex((verdict, j) => verdict !== before[j])
    claim(i < 0, () => `key ${i} was ${before[i]} and is ${after[i]}`)
  },
}

function permutations(values: readonly number[]): number[][] {
  if (values.length <= 1) return [[...values]]
  return values.flatMap((value, at) => permutations(values.filter((_, c) => c !== at)).map((rest) => [value, ...rest]))
}

export const rankLosingMapUndoesLayerNorm: Theorem<Mapped> = {
  id: 'rank-losing-key-map-undoes-layernorm',
  statement:
    'A $W_K$ of rank below $d - 1$ need not keep keys selectable: the permutations of a vector are all selectable after LayerNorm, ' +
    'and some of them are unselectable once only a few coordinates are kept.',
  hypotheses: [
    'W_K keeps fewer than d − 1 coordinates',
    'the keys are all permutations of a vector with distinct entries',
  ],
  source: 'what bounds the claim for whole heads, whose W_K is d × d_head',
  arbitrary: (fc) =>
    fc
      .record({
        steps: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 }),
        kept: fc.integer({ min: 1, max: 2 }),
      })
      .map(({ steps, kept }) => {
        const d = steps.length
        // Distinct multiples of d: their mean is an integer, so that centring is exact in every order.
        const values = steps.map((_, c) => d * steps.slice(0, c + 1).reduce((total, step) => total + step, 0))
        const map = values.map((_, r) => Array.from({ length: kept }, (_, c) => (r === c ? 1 : 0)))
        return { keys: permutations(values), map }
      }),
  about: () => [],
  check({ keys, map }) {
    const points = rowsOf(layerNorm(keys, { eps: 0 }))
    const before = selectability(points, { tolerance: 0, certificates: false }).counts
    claim(
      before.selectable === keys.length,
      () => `after LayerNorm ${before.selectable} of ${keys.length} are selectable`,
    )
    const after = selectability(product(points, map), { tolerance: 0, certificates: false }).counts
    claim(after.unselectable > 0, () => 'W_K makes no key unselectable')
  },
}
