/** The encoder's own job: which of many texts means the same? Reciprocal ranks, and intervals for what a change does to their mean. */
import { scores } from '../../dist/index.js'
import { scopes, variants } from '../encoder/forward.mjs'
import { mean } from './measure.mjs'

const batchSize = 64

/** Unit embeddings of texts, batch by batch. */
function embed(model, texts, settings) {
  const batches = []
  for (let at = 0; at < texts.length; at += batchSize) {
    batches.push(model.encode(texts.slice(at, at + batchSize), settings).embeddings)
  }
  const [, width] = batches[0].shape
  const data = new Float64Array(texts.length * width)
  let at = 0
  for (const batch of batches) {
    data.set(batch.data, at)
    at += batch.data.length
  }
  return { data, shape: [texts.length, width] }
}

/** For each row of `asked` the reciprocal of the rank of the row of the same index, by cosine; of equals, the worst rank. */
export function reciprocalRanks(asked, candidates) {
  const [n] = asked.shape
  const cosines = scores(asked, candidates, { scale: 1 }).data
  return Float64Array.from({ length: n }, (_, i) => {
    const row = cosines.subarray(i * n, (i + 1) * n)
    return 1 / row.reduce((rank, cosine) => (cosine >= row[i] ? rank + 1 : rank), 0)
  })
}

/** Paired bootstrap over queries (Efron 1979): the mean of x − y, and where 95 in 100 means of resamples lie. */
export function pairedInterval(x, y, uniform, resamples = 10_000) {
  const differences = x.map((value, i) => value - y[i])
  const n = differences.length
  const means = new Float64Array(resamples)
  for (let r = 0; r < resamples; r++) {
    let sum = 0
    for (let k = 0; k < n; k++) sum += differences[Math.floor(n * uniform())]
    means[r] = sum / n
  }
  means.sort()
  const quantile = (share) => means[Math.round(share * (resamples - 1))]
  return { difference: mean(differences), low: quantile(0.025), high: quantile(0.975) }
}

/** What is asked of a word: the other texts among which its own is looked for. */
export const tasks = ['synonym', 'definition']

/**
 * For each scope, variant and task the mean reciprocal rank, and what the change does to it.
 *
 * @param nouns `{ word, synonym, definition }`, token ids
 */
export function ablateRetrieval(model, nouns, factors, uniform) {
  const texts = (what) => nouns.map((noun) => noun[what])
  const ranks = (settings) => {
    const [words, ...others] = ['word', ...tasks].map((what) => embed(model, texts(what), settings))
    return others.map((candidates) => reciprocalRanks(words, candidates))
  }
  const served = ranks({})
  const replaced = Object.keys(variants).filter((variant) => variant !== 'LayerNorm')
  const asServed = tasks.map((task, t) => ({
    ...{ scope: '', variant: 'LayerNorm', task, n: nouns.length, rank: mean(served[t]) },
    ...{ difference: 0, low: 0, high: 0 },
  }))
  return [
    ...asServed,
    ...Object.keys(scopes).flatMap((scope) =>
      replaced.flatMap((variant) => {
        const found = ranks({ variant, scope, factors })
        return tasks.map((task, t) => ({
          ...{ scope, variant, task, n: nouns.length, rank: mean(found[t]) },
          ...pairedInterval(found[t], served[t], uniform),
        }))
      }),
    ),
  ]
}
