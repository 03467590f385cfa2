/**
 * The encoder of the majority task: one pre-norm layer with one head, as in the published experiment. No positions, no gain or
 * bias in the first normalisation, no bias in the projections to queries, keys and values, ε = 0, the embedding read out by its own
 * transpose.
 *
 * In jax-js a function consumes what it is given: `.ref` keeps an array for another use.
 */
import { nn, numpy as np } from '@jax-js/jax'

/** The radius of the sphere for the first normalisation, and whether the mean is taken away before. */
export const norms = {
  'with projection': { projected: true, radius: Math.sqrt },
  'without projection': { projected: false, radius: Math.sqrt },
  // The published script divides the unit vector by √d where LayerNorm multiplies by it.
  'without projection, as published': { projected: false, radius: (d) => 1 / Math.sqrt(d) },
}

/** Standard normal embeddings, and the uniform initial weights of PyTorch's layers. */
export function parameters(uniform, { classes, width: d }) {
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  const filled = (shape, entry) => {
    const length = shape.reduce((product, size) => product * size, 1)
    return { data: Float32Array.from({ length }, entry), shape }
  }
  const within = (bound) => () => bound * (2 * uniform() - 1)
  const square = within(1 / Math.sqrt(d))
  // Xavier for the three projections, which PyTorch keeps as one matrix of 3d × d.
  const xavier = within(Math.sqrt(6 / (4 * d)))
  return {
    embedding: filled([classes, d], normal),
    query: filled([d, d], xavier),
    key: filled([d, d], xavier),
    value: filled([d, d], xavier),
    out: filled([d, d], square),
    outBias: filled([d], () => 0),
    gain: filled([d], () => 1),
    bias: filled([d], () => 0),
    inner: filled([d, d], square),
    innerBias: filled([d], square),
    outer: filled([d, d], square),
    outerBias: filled([d], square),
  }
}

const centred = (x) => x.ref.sub(np.mean(x, -1, { keepdims: true }))
const onSphere = (x, radius) => x.ref.div(np.sqrt(np.sum(np.square(x), -1, { keepdims: true }))).mul(radius)
const affine = (x, weights, bias) => np.matmul(x, weights).add(bias)

/** The model of one size; `norm` is one of `norms`. Matrices of classes are one-hot, rows × classes. */
export function model(norm, { classes, width: d }) {
  /** What queries and keys are made from: classes × d. */
  const normalise = (x) => onSphere(norm.projected ? centred(x) : x, norm.radius(d))

  /** Queries as the normalised embeddings see them, q·W_Q·W_Kᵀ: classes × d. */
  const seenQueries = ({ embedding, query, key }) =>
    np.matmul(np.matmul(normalise(embedding), query), np.matrixTranspose(key))

  /** Logits, rows × classes, at tokens of the classes `asked`, in sequences of the `counts`. */
  const logits = (p, counts, asked) => {
    const x = normalise(p.embedding.ref)
    const seen = seenQueries({ embedding: p.embedding.ref, query: p.query, key: p.key })
    const powers = np.exp(np.matmul(seen, np.matrixTranspose(x.ref)).div(Math.sqrt(d)))
    // One product for numerators and, by a column of ones, the denominator.
    const values = np.concatenate([np.matmul(x, p.value), np.ones([classes, 1])], 1)
    const [numerators, denominators] = np.split(np.matmul(counts.mul(np.matmul(asked.ref, powers)), values), [d], 1)
    const read = affine(numerators.div(denominators), p.out, p.outBias)
    const h = np.matmul(asked, p.embedding.ref).add(read)
    const scaled = onSphere(centred(h.ref), Math.sqrt(d)).mul(p.gain).add(p.bias)
    const hidden = nn.relu(affine(scaled, p.inner, p.innerBias))
    return np.matmul(h.add(affine(hidden, p.outer, p.outerBias)), np.matrixTranspose(p.embedding))
  }
  return { normalise, seenQueries, logits }
}

/** Mean cross-entropy. Not shifted by the maximum: logits of these widths stay far below 88, where float32 exponentials overflow. */
export function crossEntropy(logits, answers) {
  const right = np.sum(logits.ref.mul(answers), -1)
  return np.mean(np.log(np.sum(np.exp(logits), -1)).sub(right))
}
