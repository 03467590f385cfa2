/** What LayerNorm is, and what either half of it does to keys. */
import { attentionWeights, layerNorm, project, projectionMatrix, scale } from '../../index.ts'
import { keySets } from '../arbitraries.ts'
import { claim, dot, dotSize, gamma, largest, projectedError, projectionError, rowsOf, sum } from '../rounding.ts'
import type { Rows, Theorem } from '../types.ts'

const brody = 'Brody, Alon and Yahav 2023, section 3, arXiv:2305.02582'

interface Normalised {
  readonly keys: Rows
  readonly eps: number
}

function claimProjectionMatrix(d: number): number[][] {
  const P = rowsOf(projectionMatrix(d))
  P.forEach((row, r) =>
    row.forEach((entry, c) => {
      claim(entry === P[c][r], () => `P is not symmetric in row ${r}, column ${c}`)
      const square = dot(row, P[c])
      claim(Math.abs(square - entry) <= gamma(d + 4), () => `P² has ${square} in row ${r}, column ${c}, P has ${entry}`)
    }),
  )
  // The rank of an idempotent matrix is its trace.
  const trace = sum(P.map((row, r) => row[r]))
  claim(Math.abs(trace - (d - 1)) <= gamma(d + 2) * d, () => `P has rank ${trace}, not d − 1 = ${d - 1}`)
  return P
}

export const layerNormIsProjectionThenScaling: Theorem<Normalised> = {
  id: 'layernorm-is-projection-then-scaling',
  statement:
    'LayerNorm is a projection followed by a scaling: $\\mathrm{LN}(x) = \\mathrm{scale}(Px)$ with ' +
    '$P = I - \\frac1d 11^\\top$, symmetric, idempotent, of rank $d - 1$, with image $\\perp 1$, and ' +
    '$\\mathrm{scale}(x) = x / \\sqrt{\\|x\\|^2/d + \\varepsilon}$: $\\varepsilon$ belongs inside the root.',
  hypotheses: ['the entries of keys are finite'],
  source: brody,
  arbitrary: (fc) => fc.record({ keys: keySets(fc), eps: fc.constantFrom(0, 1e-5, 1e-12, 1) }),
  about: (keys) => [0, 1e-5].map((eps) => ({ keys, eps })),
  check({ keys, eps }) {
    const d = keys[0].length
    const P = claimProjectionMatrix(d)
    const projected = rowsOf(project(keys))
    const twice = rowsOf(project(projected))
    const normalised = rowsOf(layerNorm(keys, { eps }))
    const scaled = rowsOf(scale(projected, { eps }))
    keys.forEach((x, i) => {
      const p = projected[i]
      const error = projectionError(x, p)
      const rest = sum(p)
      claim(Math.abs(rest) <= d * error + gamma(d) * sum(p.map(Math.abs)), () => `key ${i}: P x sums to ${rest}`)
      // hypot scales first: the squares of small rows may underflow.
      const rms = Math.hypot(Math.hypot(...p) / Math.sqrt(d), Math.sqrt(eps))
      p.forEach((entry, c) => {
        const at = `key ${i}, coordinate ${c}`
        // Entries of P are rounded, and the product is a dot product.
        const room = error + gamma(d + 2) * dotSize(P[c], x)
        claim(Math.abs(dot(P[c], x) - entry) <= room, () => `${at}: project(x) is ${entry}, P x is ${dot(P[c], x)}`)
        claim(Math.abs(twice[i][c] - entry) <= 3 * error, () => `${at}: P P x is ${twice[i][c]}, P x is ${entry}`)
        for (const y of [normalised[i][c], scaled[i][c]]) {
          // Both sides of y·rms = p: the root mean square is off by the error of p and γ_(d+4), y and p by theirs.
          const bound = 2 * error * (1 + Math.abs(y)) + gamma(2 * d + 16) * Math.abs(entry)
          claim(Math.abs(y * rms - entry) <= bound, () => `${at}: expected ${entry / rms}, got ${y}`)
        }
      })
    })
  },
}

export const scalingPutsKeysOnASphere: Theorem<Normalised> = {
  id: 'scaling-puts-keys-on-a-sphere',
  statement: 'Scaling with $\\varepsilon = 0$ puts every key on one sphere: $\\|\\mathrm{scale}(x)\\| = \\sqrt d$.',
  hypotheses: ['ε = 0', 'no key is 0'],
  source: brody,
  arbitrary: (fc) =>
    keySets(fc)
      .map((keys) => ({ keys: keys.filter((x) => largest(x) > 0), eps: 0 }))
      .filter(({ keys }) => keys.length > 0),
  about: (keys) => [{ keys: keys.filter((x) => largest(x) > 0), eps: 0 }],
  check({ keys, eps }) {
    rowsOf(scale(keys, { eps })).forEach((y, i) => {
      const d = y.length
      // The quotients and the root are off by γ_(d/2+4) relative, their square by twice that, and d more for this sum.
      const bound = gamma(2 * d + 12) * d
      claim(Math.abs(dot(y, y) - d) <= bound, () => `key ${i}: expected squared norm ${d}, got ${dot(y, y)}`)
    })
  },
}

interface Level {
  readonly keys: Rows
  /** The query is this times 1. */
  readonly height: number
}

export const projectionAllowsUniformAttention: Theorem<Level> = {
  id: 'projection-allows-uniform-attention',
  statement: 'The query $q = c \\cdot 1$ scores every projected key 0, so it attends to all keys equally.',
  hypotheses: ['the coordinates of every key sum to 0'],
  source: brody,
  arbitrary: (fc) => fc.record({ keys: keySets(fc), steps: fc.integer({ min: -64, max: 64 }) }).map(levelled),
  about: (keys) => [levelled({ keys, steps: 8 })],
  check({ keys, height }) {
    const [n, d] = [keys.length, keys[0].length]
    const query = new Array<number>(d).fill(height)
    const weights = rowsOf(attentionWeights([query], keys, { scale: 1 }))[0]
    const errors = keys.map((p) => Math.abs(height) * (d * projectedError(p) + gamma(d + 2) * sum(p.map(Math.abs))))
    // Scores that are off by at most E change weights by a factor of at most e^2E; the softmax has roundings of its own.
    const bound = Math.expm1(2 * Math.max(...errors)) / n + gamma(n + 20) / n
    weights.forEach((w, i) => claim(Math.abs(w - 1 / n) <= bound, () => `key ${i}: expected weight 1/${n}, got ${w}`))
  },
}

/** Heights for which the scores of the keys before the projection would be of size 1 to 64. */
function levelled({ keys, steps }: { keys: Rows; steps: number }): Level {
  const size = Math.max(...keys.map(largest))
  return { keys: rowsOf(project(keys)), height: size === 0 ? steps : steps / size }
}
