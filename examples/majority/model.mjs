/**
 * The encoder of the majority task on TensorFlow.js: one pre-norm layer of width 8 with one head, as in the published experiment.
 * No positions, no gain or bias in the first normalisation, no bias in the projections to queries, keys and values, ε = 0, and the
 * embedding read out by its own transpose.
 *
 * Sums along rows, and repetitions of rows and columns, are products with constant matrices: the WebAssembly backend does those
 * several times faster than reductions and broadcasts, and its loops are what a step of training takes.
 */
import * as tf from '@tensorflow/tfjs'
import { task } from './task.mjs'

const { classes } = task

/** The radius of the sphere for the first normalisation, and whether the mean is taken away before. */
export const norms = {
  'with projection': { projected: true, radius: Math.sqrt },
  'without projection': { projected: false, radius: Math.sqrt },
  // The published script divides the unit vector by √d where LayerNorm multiplies by it.
  'without projection, as published': { projected: false, radius: (d) => 1 / Math.sqrt(d) },
}

/** Standard normal embeddings, and the uniform initial weights of PyTorch's layers. */
export function parameters(uniform, d) {
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  const filled = (shape, entry) => {
    const size = shape.reduce((product, length) => product * length, 1)
    return tf.variable(tf.tensor(Float32Array.from({ length: size }, entry), shape))
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
    outBias: filled([1, d], () => 0),
    gain: filled([1, d], () => 1),
    bias: filled([1, d], () => 0),
    inner: filled([d, d], square),
    innerBias: filled([1, d], square),
    outer: filled([d, d], square),
    outerBias: filled([1, d], square),
  }
}

/** The model for batches of one size; `norm` is one of `norms`. */
export function model(norm, d, size) {
  const tokens = size * classes
  const column = tf.ones([tokens, 1])
  const all = tf.ones([d, d])
  const projection = tf.sub(tf.eye(d), tf.div(all, d))
  // From [numerators | denominator] to either, the denominator d times.
  const numerators = tf.concat([tf.eye(d), tf.zeros([1, d])])
  const denominators = tf.concat([tf.zeros([d, d]), tf.ones([1, d])])
  const everyClass = tf.tile(tf.eye(classes), [size, 1])

  const onSphere = (x, radius) => tf.mul(tf.div(x, tf.sqrt(tf.matMul(tf.square(x), all))), radius)
  const normalise = (x) => onSphere(norm.projected ? tf.matMul(x, projection) : x, norm.radius(d))
  const affine = (x, weights, bias) => tf.add(tf.matMul(x, weights), tf.matMul(column, bias))

  /** Queries as the normalised embeddings see them, q·W_Q·W_Kᵀ: classes × d. */
  const seenQueries = (p) => tf.matMul(tf.matMul(normalise(p.embedding), p.query), p.key, false, true)

  /** Logits at a token of every class, (size·classes) × classes, for counts, size × classes. */
  const logits = (p, counts) => {
    const x = normalise(p.embedding)
    const powers = tf.exp(tf.div(tf.matMul(x, seenQueries(p), false, true), Math.sqrt(d)))
    const values = tf.concat([tf.matMul(x, p.value), tf.ones([classes, 1])], 1)
    const terms = tf.mul(tf.expandDims(powers, 2), tf.expandDims(values, 1))
    const sums = tf.reshape(tf.matMul(counts, tf.reshape(terms, [classes, classes * (d + 1)])), [tokens, d + 1])
    const read = tf.div(tf.matMul(sums, numerators), tf.matMul(sums, denominators))
    const h = tf.add(tf.matMul(everyClass, p.embedding), affine(read, p.out, p.outBias))
    const scaled = tf.matMul(onSphere(tf.matMul(h, projection), Math.sqrt(d)), tf.mul(tf.eye(d), p.gain))
    const hidden = tf.relu(affine(tf.add(scaled, tf.matMul(column, p.bias)), p.inner, p.innerBias))
    return tf.matMul(tf.add(h, affine(hidden, p.outer, p.outerBias)), p.embedding, false, true)
  }
  return { seenQueries, logits }
}

/**
 * Mean cross-entropy over tokens. `share` has each class's share of all tokens, (size·classes) × 1, `majority` the one-hot answer
 * beside it. Not shifted by the maximum: logits of this width stay far below 88, where float32 exponentials overflow.
 */
export function lossOf(scores, share, majority) {
  const ones = tf.ones([classes, 1])
  const sums = tf.log(tf.matMul(tf.exp(scores), ones))
  return tf.sum(tf.mul(share, tf.sub(sums, tf.matMul(tf.mul(scores, majority), ones))))
}
