/**
 * A GPT-2 of width 8 with 4 layers of 4 heads, as in the published experiment: no gain or bias in the normalisation before
 * attention, no bias in the projections to queries, keys and values, embeddings read out by their transpose.
 *
 * `scaled: false` leaves the scaling out of the normalisation before attention, and nothing else: there it only centres.
 */
import { lax, nn, numpy as np } from '@jax-js/jax'

export const size = { width: 8, layers: 4, heads: 4, context: 1024 }
export const epsilon = 1e-5

/** Names of a layer's parameters. */
const inLayer = (layer, name) => `${layer}.${name}`

/** GPT-2's initial weights: normal with deviation 0.02, less where residual branches end; gains 1, biases 0. */
export function parameters(uniform, vocabulary, { width: d, layers, context } = size) {
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  const filled = (shape, entry) => {
    const length = shape.reduce((product, count) => product * count, 1)
    return { data: Float32Array.from({ length }, entry), shape }
  }
  const weights = (...shape) => filled(shape, () => 0.02 * normal())
  const ending = (...shape) => filled(shape, () => (0.02 / Math.sqrt(2 * layers)) * normal())
  const constant = (x, count) => filled([count], () => x)
  const layer = () => ({
    attend: weights(d, 3 * d),
    out: ending(d, d),
    outBias: constant(0, d),
    gain: constant(1, d),
    bias: constant(0, d),
    inner: weights(d, 4 * d),
    innerBias: constant(0, 4 * d),
    outer: ending(4 * d, d),
    outerBias: constant(0, d),
  })
  const named = Array.from({ length: layers }, (_, at) =>
    Object.entries(layer()).map(([name, value]) => [inLayer(at, name), value]),
  ).flat()
  return {
    tokens: weights(vocabulary, d),
    positions: weights(context, d),
    ...Object.fromEntries(named),
    lastGain: constant(1, d),
    lastBias: constant(0, d),
  }
}

const centred = (x) => x.ref.sub(np.mean(x, -1, { keepdims: true }))
const scaledTo1 = (x) => x.ref.div(np.sqrt(np.mean(np.square(x), -1, { keepdims: true }).add(epsilon)))
const layerNorm = (x, gain, bias) => scaledTo1(centred(x)).mul(gain).add(bias)

/** Far below every score, and finite, so that its gradient is 0 and not 0·∞. */
const masked = 1e30

/**
 * Causal attention of all heads for rows of batch × length × width. Products and masks by hand: the library's own function for it
 * calls methods that Node 20 does not have. Without scaling scores have no bound: they are shifted by the largest of each row.
 */
function attention(x, attend, { width: d, heads }) {
  const [batch, length] = x.shape
  const split = (part) => np.transpose(part.reshape([batch, length, heads, d / heads]), [0, 2, 1, 3])
  const [queries, keys, values] = np.split(np.matmul(x, attend), [d, 2 * d], -1).map(split)
  const future = np.tri(length).sub(1).mul(masked)
  const scores = np
    .matmul(queries, np.matrixTranspose(keys))
    .div(Math.sqrt(d / heads))
    .add(future)
  const largest = lax.stopGradient(np.max(scores.ref, -1, { keepdims: true }))
  const powers = np.exp(scores.sub(largest))
  const read = np.matmul(powers.ref, values).div(np.sum(powers, -1, { keepdims: true }))
  return np.transpose(read, [0, 2, 1, 3]).reshape([batch, length, d])
}

/** The residual stream before each layer and, last, before the head, of batch × length × width; consumes tokens and parameters. */
export function residuals(p, embedded, scaled, shape = size) {
  const stream = []
  let x = embedded
  for (let at = 0; at < shape.layers; at++) {
    const of = (name) => p[inLayer(at, name)]
    stream.push(x.ref)
    const before = centred(x.ref)
    const read = attention(scaled ? scaledTo1(before) : before, of('attend'), shape)
    x = x.add(np.matmul(read, of('out')).add(of('outBias')))
    const inside = np.matmul(layerNorm(x.ref, of('gain'), of('bias')), of('inner')).add(of('innerBias'))
    x = x.add(np.matmul(nn.gelu(inside), of('outer')).add(of('outerBias')))
  }
  return [...stream, x]
}

/** The final normalisation and the scores of all tokens, for rows × width; consumes the rows, and of the parameters what it reads. */
export function logits(p, last) {
  const state = layerNorm(last, p.lastGain, p.lastBias)
  return { state, scores: np.matmul(state.ref, np.matrixTranspose(p.tokens.ref)) }
}
