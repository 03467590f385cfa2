/** What a head can attend to and what it does attend to: verdicts, margins, weights within reach, entropy of real attention. */
import { attentionWeights, selectability } from '../../dist/index.js'

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

/**
 * `reach` is the median over keys of the weight that the query of the key's own certificate gives it at the median norm of the
 * real queries: a lower bound on what is attainable at that norm; 0 for keys that are not selectable.
 */
function within({ queries, keys, scale }) {
  const [n, d] = keys.shape
  const report = selectability(keys)
  const size = median(norms(queries))
  const keySize = mean(norms(keys))
  const aimed = new Float64Array(n * d)
  const margins = []
  for (let i = 0; i < n; i++) {
    const certificate = report.certificate(i)
    margins.push(certificate.verdict === 'selectable' ? certificate.margin / keySize : 0)
    if (certificate.verdict !== 'selectable') continue
    const length = Math.hypot(...certificate.query)
    certificate.query.forEach((x, c) => (aimed[i * d + c] = (size * x) / length))
  }
  const reached = attentionWeights({ data: aimed, shape: [n, d] }, keys, { scale }).data
  const reach = Array.from({ length: n }, (_, i) => (margins[i] > 0 ? reached[i * n + i] : 0))
  return {
    ...report.counts,
    leastMargin: Math.min(...margins),
    medianMargin: median(margins),
    reach: median(reach),
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
