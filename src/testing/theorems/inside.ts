/** Keys that LayerNorm leaves inside the sphere can be unselectable: of small variance when ε > 0, constant at any ε. */
import type { Arbitrary } from 'fast-check'
import { certify, layerNorm } from '../../index.ts'
import { claim, dot, rowsOf } from '../rounding.ts'
import type { FastCheck, Rows, Theorem } from '../types.ts'

interface Inside {
  readonly keys: Rows
  readonly key: number
  readonly eps: number
}

/**
 * The d(d − 1) vectors size·(e_a − e_b). Their mean and LayerNorm are computed without leaving the hyperplane ⟂ 1, since
 * entries are 0 and ±one number. Once normalised, their hull contains every vector ⟂ 1 of norm at most √2: the facet of the
 * set S of coordinates is at distance √(d/2)/√(|S|(d − |S|)/d) >= √2 from 0.
 */
function roots(d: number, size: number): number[][] {
  const axes = Array.from({ length: d }, (_, axis) => axis)
  return axes.flatMap((a) =>
    axes.filter((b) => b !== a).map((b) => axes.map((c) => (c === a ? size : c === b ? -size : 0))),
  )
}

/** Vectors ⟂ 1 that are no root's multiple, with entries that are 0 and ± powers of two: normalised without leaving it. */
function turned(d: number, first: number): number[] {
  const entries = Array.from({ length: d }, (_, c) => (c === 0 ? 2 : c < 3 ? -1 : 0))
  return entries.map((_, c) => entries[(c + first) % d])
}

const dimension = (fc: FastCheck): Arbitrary<number> => fc.integer({ min: 3, max: 5 })

export const epsilonBreaksTheSphere: Theorem<Inside> = {
  id: 'epsilon-breaks-the-sphere',
  statement:
    'With $\\varepsilon > 0$ norms after LayerNorm differ: a key of small variance falls inside the sphere and can become ' +
    'unselectable, where with $\\varepsilon = 0$ it is selectable.',
  hypotheses: [
    'ε > 0',
    'the variance of the key is far below ε, those of the others far above, around it in every direction',
  ],
  source: 'what bounds the claim that all normalised keys are selectable; the paper has ε = 0',
  arbitrary: (fc) =>
    fc
      .record({
        d: dimension(fc),
        first: fc.nat({ max: 4 }),
        down: fc.integer({ min: 4, max: 60 }),
        up: fc.integer({ min: 2, max: 60 }),
        root: fc.constantFrom(1, 2 ** -8, 2 ** -20),
      })
      .map(({ d, first, down, up, root }) => ({
        // ε is the square of root.
        keys: [turned(d, first).map((x) => x * root * 2 ** -down), ...roots(d, root * 2 ** up)],
        key: 0,
        eps: root * root,
      })),
  about: () => [],
  check({ keys, key, eps }) {
    const before = certify(layerNorm(keys, { eps: 0 }), key)
    claim(before.verdict === 'selectable', () => `with ε = 0 the key is ${before.verdict}`)
    const points = rowsOf(layerNorm(keys, { eps }))
    const norms = points.map((x) => dot(x, x))
    claim(
      norms.every((norm, j) => j === key || norm > norms[key]),
      () => 'the key is as far from 0 as the others',
    )
    const { verdict } = certify(points, key, { tolerance: 0 })
    claim(verdict === 'unselectable', () => `with ε = ${eps} the key is ${verdict}`)
  },
}

export const constantKeysLeaveTheSphere: Theorem<Inside> = {
  id: 'constant-keys-leave-the-sphere',
  statement:
    'LayerNorm takes a constant key $c \\cdot 1$ to 0, inside the sphere: among keys on all sides of 0 it is unselectable, even with ' +
    '$\\varepsilon = 0$.',
  hypotheses: ['the key is constant', 'the others surround 0 in the hyperplane ⟂ 1'],
  source: 'what bounds the claim that all normalised keys are selectable',
  arbitrary: (fc) =>
    fc
      .record({ d: dimension(fc), c: fc.integer({ min: -9, max: 9 }), up: fc.integer({ min: -60, max: 60 }) })
      .map(({ d, c, up }) => ({ keys: [new Array<number>(d).fill(c), ...roots(d, 2 ** up)], key: 0, eps: 0 })),
  about: () => [],
  check({ keys, key, eps }) {
    const { verdict } = certify(layerNorm(keys, { eps }), key, { tolerance: 0 })
    claim(verdict === 'unselectable', () => `after LayerNorm the key is ${verdict}`)
  },
}
