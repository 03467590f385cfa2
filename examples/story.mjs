/** How a large key overshadows its neighbour, on keys small enough to check by hand. */
import { attentionWeights, selectability } from '../dist/index.js'
import { transforms } from './transforms.mjs'

/** The key in question, as an index: the second. */
const second = 1
const maxNorm = 4

const plane = (t) => [
  [2, -2],
  [2, 1],
  [t, t],
  [-2, 2],
]

/** The plane's keys at t = 12, carried into three dimensions by (x, y) -> (1, 1, 1) + x(1, -1, 0) + y(0, 1, -1). */
const space = [
  [3, -3, 3],
  [3, 0, 0],
  [13, 1, -11],
  [-1, 5, -1],
]

function vector(x) {
  return `(${Array.from(x).join(', ')})`
}

function weightOf(key, query, keys) {
  return attentionWeights([query], keys, { scale: 1 }).get(0, key)
}

function withNorm(query, norm) {
  const factor = norm / Math.hypot(...query)
  return query.map((value) => value * factor)
}

/** The largest weight that a query of the norm gives a key in the plane, of one direction in each tenth of a degree. */
function bestOfDirections(key, keys) {
  let best = 0
  for (let step = 0; step < 3600; step++) {
    const angle = (step * Math.PI) / 1800
    best = Math.max(best, weightOf(key, [maxNorm * Math.cos(angle), maxNorm * Math.sin(angle)], keys))
  }
  return best
}

function threeKeys() {
  console.log(`
Three keys: key 1 (2, -2), key 2 (2, 1), and key 3 = t (1, 1), which grows.
Weight of key 2 in softmax(q.k) for queries of norm ${maxNorm}:

      t   verdict on key 2   aimed at key 2   best direction`)
  for (const t of [1.5, 1.875, 2, 2.125, 3, 12]) {
    const keys = plane(t).slice(0, 3)
    const { verdicts } = selectability(keys, { tolerance: 0 })
    const aimed = weightOf(second, withNorm(keys[second], maxNorm), keys)
    const best = bestOfDirections(second, keys)
    const cells = [
      String(t).padStart(7),
      verdicts[second].padEnd(16),
      aimed.toFixed(4).padStart(14),
      best.toFixed(4).padStart(14),
    ]
    console.log(cells.join('   '))
  }
  console.log(`
Aimed at key 2, the query finds key 3 once that is large. But three keys not on
one line are the corners of a triangle, and every corner is selectable: a query
turned away from key 3 still picks key 2. Close to t = 2, where the three line
up, that takes a long query: at norm ${maxNorm} none gives key 2 half the weight.`)
}

function fourKeys() {
  console.log(`
Now a fourth key on the far side: key 4 (-2, 2).

      t   verdict on key 2`)
  for (const t of [1.5, 2, 3, 12]) {
    const { verdicts } = selectability(plane(t), { tolerance: 0 })
    console.log(`${String(t).padStart(7)}   ${verdicts[second]}`)
  }
  const { support, weights } = selectability(plane(12), { tolerance: 0 }).certificate(second)
  const terms = Array.from(support, (key, at) => ({ key, weight: weights[at] })).sort((a, b) => a.key - b.key)
  const average = terms.map(({ key, weight }) => `${weight} key ${key + 1}`).join(' + ')
  const entropy = -terms.reduce((sum, { weight }) => sum + weight * Math.log(weight), 0)
  console.log(`
The certificate at t = 12 says why:

    key 2 = ${average}

Whatever the query, key 2 scores exactly this average of the others' scores, so
it is never ahead of all of them. No query, however long, gives it more weight
than 1/(1 + e^H) = ${(1 / (1 + Math.exp(entropy))).toFixed(4)}, H being the entropy of these three numbers.`)
}

function fourKeysTransformed() {
  console.log(`
The same four keys in three dimensions, each with mean 1, and what helps:

    ${space.map((key, j) => `key ${j + 1} ${vector(key)}`).join('   ')}

  transform    selectable  tied  unselectable   key 2`)
  for (const [name, transform] of Object.entries(transforms)) {
    const report = selectability(transform(space))
    const { selectable, tied, unselectable } = report.counts
    const certificate = report.certificate(second)
    const note = certificate.verdict === 'selectable' ? `, margin ${certificate.margin.toFixed(4)}` : ''
    console.log(
      `  ${name.padEnd(10)}${String(selectable).padStart(13)}${String(tied).padStart(6)}` +
        `${String(unselectable).padStart(14)}   ${certificate.verdict}${note}`,
    )
  }
  console.log(`
Projection takes the mean away from every key and leaves the average above as it
is. Scaling puts all keys on one sphere, where none lies between others: key 2
itself, taken as the query, scores key 2 highest. LayerNorm does both.`)
}

export function tellStory() {
  console.log('\nFOUR KEYS: how one large key overshadows its neighbour')
  threeKeys()
  fourKeys()
  fourKeysTransformed()
}
