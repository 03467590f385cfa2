/** What a head can attend to and what it does attend to: verdicts, margins, weights within reach, entropy of real attention. */
import { attainableWeight, attentionWeights, selectability } from '../../dist/index.js'

export const mean = (list) => list.reduce((sum, x) => sum + x, 0) / list.length

export function median(list) {
  const sorted = [...list].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}

function norms({ data, shape: [n, d] }) {
  return Array.from({ length: n }, (_, i) => Math.hypot(...data.subarray(i * d, (i + 1) * d)))
}

/** Matrices of one head of heads × n × d. */
export function headOf({ data, shape: [, n, d] }, head) {
  return { data: data.subarray(head * n * d, (head + 1) * n * d), shape: [n, d] }
}

/** How many keys are not selectable. */
export function stuck(keys) {
  const { n, counts } = selectability(keys, { certificates: false })
  return n - counts.selectable
}

/** How many keys of a head are asked for the weight within reach: each takes a search in as many dimensions as the head has. */
const asked = 32

/**
 * Margins of the certificates over the mean norm of the keys; 0 for keys that are not selectable. `reach` is the median, over keys
 * evenly spread, of the largest weight that any query as long as the median real one can give the key.
 */
function within({ queries, keys, scale }) {
  const [n] = keys.shape
  const report = selectability(keys)
  const keySize = mean(norms(keys))
  const margins = report.verdicts.map((verdict, i) =>
    verdict === 'selectable' ? report.certificate(i).margin / keySize : 0,
  )
  const maxNorm = median(norms(queries))
  const reached = Array.from({ length: asked }, (_, k) => {
    return attainableWeight(keys, Math.floor((k * n) / asked), { maxNorm, scale }).weight
  })
  return {
    ...report.counts,
    leastMargin: Math.min(...margins),
    medianMargin: median(margins),
    reach: median(reached),
  }
}

/** Means over the real queries: the entropy of their attention, in nats, and its largest weight. */
function sharpness({ queries, keys, scale }) {
  const n = keys.shape[0]
  const real = attentionWeights(queries, keys, { scale }).data
  const rows = Array.from({ length: n }, (_, i) => real.subarray(i * n, (i + 1) * n))
  const entropy = (row) => -row.reduce((sum, w) => (w > 0 ? sum + w * Math.log(w) : sum), 0)
  return {
    entropy: mean(rows.map(entropy)),
    top: mean(rows.map((row) => row.reduce((top, w) => Math.max(top, w), 0))),
  }
}

export const measure = (head) => ({ ...within(head), ...sharpness(head) })
