/** On a sphere every key is its own query: why LayerNorm, and RMSNorm too, leave no key unselectable. */
import { layerNorm, rmsNorm, selectability } from '../../index.ts'
import { distinctKeys } from '../arbitraries.ts'
import { distinct } from '../distinct.ts'
import type { Normalise } from '../distinct.ts'
import { claim, dot, rowsOf, sphereSlack, sqDist } from '../rounding.ts'
import { seeded } from '../seeded.ts'
import type { Rows, Theorem } from '../types.ts'

const brody = 'Brody, Alon and Yahav 2023, section 4, arXiv:2305.02582'
const distinctPoints = 'no two keys normalise to the same point'

interface Normalised {
  readonly keys: Rows
  readonly eps: number
}

const noEps = { eps: 0 }
const byLayerNorm: Normalise = (keys) => layerNorm(keys, noEps)
const byScale: Normalise = (keys) => rmsNorm(keys, noEps)

/** For every pair, q = x_i leads by at least ‖x_i − x_j‖²/2; and the exact verdicts are that all keys are selectable. */
function claimAllSelectable(points: Rows): void {
  points.forEach((x, i) =>
    points.forEach((y, j) => {
      if (i === j) return
      const lead = dot(
        x,
        x.map((entry, c) => entry - y[c]),
      )
      const least = sqDist(x, y) / 2 - sphereSlack(x.length)
      claim(lead >= least && lead > 0, () => `the query x_${i} leads key ${j} by ${lead}, expected at least ${least}`)
    }),
  )
  claimVerdicts(points)
}

function claimVerdicts(points: Rows): void {
  const { verdicts } = selectability(points, { tolerance: 0, certificates: false })
  const i = verdicts.findIndex((verdict) => verdict !== 'selectable')
  claim(i < 0, () => `key ${i} is ${verdicts[i]}`)
}

const some = (keys: Rows, normalise: Normalise): Normalised[] => {
  const kept = distinct(keys, normalise)
  return kept.length === 0 ? [] : [{ keys: kept, eps: 0 }]
}

export const layerNormMakesAllSelectable: Theorem<Normalised> = {
  id: 'layernorm-makes-all-selectable',
  statement:
    'After LayerNorm with $\\varepsilon = 0$ every key is selectable: with $x_i = \\mathrm{LN}(k_i)$ the query $q = x_i$ leads every ' +
    'other key by at least $\\|x_i - x_j\\|^2/2$, a margin of that over $\\|x_i\\| = \\sqrt d$.',
  hypotheses: ['ε = 0', distinctPoints, 'no key is constant'],
  source: brody,
  arbitrary: (fc) => distinctKeys(fc, byLayerNorm).map((keys) => ({ keys, eps: 0 })),
  about: (keys) => some(keys, byLayerNorm),
  check: ({ keys, eps }) => claimAllSelectable(rowsOf(layerNorm(keys, { eps }))),
}

export const rmsNormMakesAllSelectable: Theorem<Normalised> = {
  id: 'rmsnorm-makes-all-selectable',
  statement:
    'Scaling alone is enough: after RMSNorm with $\\varepsilon = 0$ and unit gain every key is selectable, by the same argument on ' +
    'the sphere.',
  hypotheses: ['ε = 0', 'no two keys lie on one ray from 0', 'no key is 0'],
  source: brody,
  arbitrary: (fc) => distinctKeys(fc, byScale, { minDimension: 1 }).map((keys) => ({ keys, eps: 0 })),
  about: (keys) => some(keys, byScale),
  check: ({ keys, eps }) => claimAllSelectable(rowsOf(rmsNorm(keys, { eps }))),
}

interface Gained {
  readonly keys: Rows
  readonly gain: readonly number[]
  readonly bias: readonly number[]
}

export const gainKeepsAllSelectable: Theorem<Gained> = {
  id: 'gain-keeps-all-selectable',
  statement:
    'A gain $g$ with no zero, and any bias, keep every key selectable after LayerNorm: $q \\oslash g$ scores $g \\odot x + b$ as $q$ ' +
    'scores $x$, up to one constant for all keys. One zero does no harm either: on the hyperplane $\\perp 1$ the other ' +
    'coordinates tell the one that is lost. Two can.',
  hypotheses: ['no entry of the gain is 0', distinctPoints, 'no key is constant'],
  source: brody,
  arbitrary: (fc) => {
    // Sixteenths from 1/8 to 8, whose roundings the distance between the points covers 64 times over.
    const entry = fc.integer({ min: 2, max: 128 })
    const gains = fc.array(fc.tuple(entry, fc.boolean()), { minLength: 3, maxLength: 3 })
    const terms = fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 3, maxLength: 3 })
    return fc.record({ keys: distinctKeys(fc, byLayerNorm), gains, terms }).map(({ keys, gains, terms }) => ({
      keys,
      gain: keys[0].map((_, c) => ((gains[c][1] ? -1 : 1) * gains[c][0]) / 16),
      bias: keys[0].map((_, c) => terms[c]),
    }))
  },
  about(keys) {
    const uniform = seeded('gain')
    const signed = (): number => (uniform() < 0.5 ? -1 : 1)
    return some(keys, byLayerNorm).map(({ keys }) => ({
      keys,
      gain: keys[0].map(() => signed() * (0.125 + 7 * uniform())),
      bias: keys[0].map(() => signed() * uniform()),
    }))
  },
  check: ({ keys, gain, bias }) => claimVerdicts(rowsOf(layerNorm(keys, { eps: 0, gain, bias }))),
}
