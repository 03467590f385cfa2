/** Which keys the layers of a trained model can select, on passages of text that it has not seen. */
import { init, jit, numpy as np } from '@jax-js/jax'
import { layerNorm, project, selectability } from '../../dist/index.js'
import { epsilon, residuals, size } from './model.mjs'

await init('wasm')

const { width: d, heads, layers, context } = size

/** The residual stream before each layer for `context` tokens: rows of `context` × d, float32. */
function streamOf(parameters, scaled) {
  const forward = jit((p, embedded) => residuals(p, embedded, scaled).slice(0, layers))
  const { tokens, positions, ...rest } = parameters
  return (ids) => {
    const embedded = new Float32Array(context * d)
    for (let t = 0; t < context; t++) {
      for (let c = 0; c < d; c++) embedded[t * d + c] = tokens.data[ids[t] * d + c] + positions.data[t * d + c]
    }
    const p = Object.fromEntries(
      Object.entries(rest).map(([name, { data, shape }]) => [name, np.array(Float32Array.from(data)).reshape(shape)]),
    )
    return forward(p, np.array(embedded).reshape([1, context, d])).map((x) => x.dataSync())
  }
}

/** The keys of each head: rows times the columns of W_K. */
function mapped({ data, shape: [n] }, attend) {
  const width = d / heads
  return Array.from({ length: heads }, (_, head) => {
    const out = new Float64Array(n * width)
    for (let i = 0; i < n; i++) {
      for (let h = 0; h < width; h++) {
        let sum = 0
        for (let c = 0; c < d; c++) sum += data[i * d + c] * attend.data[c * 3 * d + d + head * width + h]
        out[i * width + h] = sum
      }
    }
    return { data: out, shape: [n, width] }
  })
}

/** Keys that are not selectable, each verdict with its certificate. */
function stuck(keys) {
  const { n, counts } = selectability(keys)
  return { n, stuck: n - counts.selectable }
}

/**
 * For each passage and layer, how many rows are not selectable before the normalisation and after it, and how many keys of each head.
 *
 * @param passages `{ ids, n }`, of which the first n tokens count: in causal attention the others change nothing before them
 */
export function decide({ parameters }, scaled, passages) {
  const stream = streamOf(parameters, scaled)
  return passages.flatMap(({ ids, n }, passage) =>
    stream(ids).flatMap((rows, layer) => {
      const before = { data: Float64Array.from(rows.subarray(0, n * d)), shape: [n, d] }
      const after = scaled ? layerNorm(before, { eps: epsilon }) : project(before)
      const decided = (stage, head, keys) => ({ passage, layer: layer + 1, stage, head, ...stuck(keys) })
      return [
        decided('before the norm', '', before),
        decided('after the norm', '', after),
        ...mapped(after, parameters[`${layer}.attend`]).map((keys, head) => decided('after W_K', head, keys)),
      ]
    }),
  )
}
