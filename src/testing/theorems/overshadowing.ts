/** What a large key does to its neighbours, and what it takes to do it. */
import type { Arbitrary } from 'fast-check'
import { attentionWeights, certify, selectability } from '../../index.ts'
import { integerRows } from '../arbitraries.ts'
import { claim, dot, largest, sum } from '../rounding.ts'
import type { FastCheck, Rows, Theorem } from '../types.ts'

interface Growing {
  readonly keys: Rows
  /** The key in the shadow, and the one that grows. */
  readonly key: number
  readonly rival: number
  readonly factors: readonly number[]
}

function grown({ keys, rival }: Growing, factor: number): number[][] {
  return keys.map((x, j) => x.map((entry) => (j === rival ? factor * entry : entry)))
}

/**
 * Keys p + μv and v around the corners p ± r·e_c. With λ = μ/t, p + μv = λ·(t·v) + (1 − λ)·w for w = p·t/(t − μ), which is
 * inside the corners when ‖w − p‖₁ = μ/(t − μ)·‖p‖₁ < r, that is for t > μ(1 + ‖p‖₁/r).
 */
function shadows(fc: FastCheck): Arbitrary<Growing> {
  return fc
    .record({
      // The centre p, the direction v, and any other keys.
      table: integerRows(fc, { minKeys: 2, maxKeys: 4 }),
      mu: fc.integer({ min: 1, max: 3 }),
      radius: fc.integer({ min: 1, max: 3 }),
      beyond: fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 3 }),
    })
    .filter(({ table }) => largest(table[1]) > 0)
    .map(({ table: [centre, direction, ...rest], mu, radius, beyond }) => {
      const corners = [radius, -radius].flatMap((r) =>
        centre.map((_, axis) => centre.map((x, c) => (c === axis ? x + r : x))),
      )
      // One division, of integers: where it has no remainder it must not be rounded down.
      const from = Math.floor((mu * (radius + sum(centre.map(Math.abs)))) / radius) + 1
      const keys = [centre.map((x, c) => x + mu * direction[c]), direction, ...corners, ...rest]
      return { keys, key: 0, rival: 1, factors: beyond.map((steps) => from + steps) }
    })
}

export const largeKeySwallowsNeighbours: Theorem<Growing> = {
  id: 'large-key-swallows-neighbours',
  statement:
    'If $k_i - \\mu k_j$ lies in the interior of the hull of the remaining keys for some $\\mu > 0$, that is, $k_i$ is strictly ' +
    'inside the cone which they span in the direction of $k_j$, then there is a factor $t_0$ such that $k_i$ is unselectable ' +
    'whenever $k_j$ is replaced by $t k_j$ with $t > t_0$.',
  hypotheses: ['k_i − μ·k_j is in the interior of the hull of the rest', 'every factor is beyond t₀'],
  source: 'Brody, Alon and Yahav 2023, section 4, arXiv:2305.02582; the cone is what makes it true',
  arbitrary: shadows,
  about: () => [],
  check(instance) {
    for (const factor of instance.factors) {
      const { verdict } = certify(grown(instance, factor), instance.key, { tolerance: 0 })
      claim(verdict === 'unselectable', () => `with its rival ${factor} times as large, the key is ${verdict}`)
    }
  },
}

function determinant([a, b, c]: Rows): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

export const threeKeysInThePlane: Theorem<Growing> = {
  id: 'three-keys-in-the-plane',
  statement:
    'Three keys in general position in the plane are all selectable, however large one of them is: a large key needs a fourth key, ' +
    'or a bound on the query, to hide its neighbour. The query aimed at $k_i$ does prefer $k_j$ once ' +
    '$k_j \\cdot k_i > \\|k_i\\|^2$.',
  hypotheses: ['d = 2 and n = 3', 'for no factor are the keys on one line'],
  source: 'a counterexample to the reading that one large key is enough; paper as above, section 4',
  arbitrary: (fc) =>
    fc
      .record({
        keys: integerRows(fc, { minKeys: 3, maxKeys: 3, minDimension: 2, maxDimension: 2 }, 8),
        factors: fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 3 }),
      })
      .map(({ keys, factors }) => ({ keys, key: 0, rival: 1, factors }))
      .filter((instance) => instance.factors.every((factor) => determinant(grown(instance, factor)) !== 0)),
  about: () => [],
  check(instance) {
    const { key, rival, factors } = instance
    for (const factor of factors) {
      const keys = grown(instance, factor)
      const { counts } = selectability(keys, { tolerance: 0 })
      claim(
        counts.selectable === keys.length,
        () => `with key ${rival} ${factor} times as large, ${counts.selectable} are selectable`,
      )
      if (dot(keys[rival], keys[key]) <= dot(keys[key], keys[key])) continue
      const aimed = attentionWeights([keys[key]], keys, { scale: 1 })
      claim(aimed.get(0, key) < aimed.get(0, rival), () => `aimed at key ${key}, the query gives it most weight`)
    }
  },
}
