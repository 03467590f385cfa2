/** One run of the majority task: loss, accuracy and the angle of the queries to 1, recorded every few steps. */
import { init, jit, numpy as np, tree } from '@jax-js/jax'
import alea from 'seedrandom/lib/alea.js'
import { adam } from '../paper/adam.mjs'
import { crossEntropy, model, norms, parameters } from './model.mjs'
import { batch, task } from './task.mjs'

const learningRate = 0.001
const testSize = 1000
export const every = 50

await init('wasm')

function oneHot(classes, length) {
  const out = new Float32Array(classes.length * length)
  classes.forEach((c, row) => (out[row * length + c] = 1))
  return np.array(out).reshape([classes.length, length])
}

function tensors({ counts, majority, asked }, { classes }) {
  return [np.array(counts).reshape([majority.length, classes]), oneHot(asked, classes), oneHot(majority, classes)]
}

/** Degrees between each query, as keys see it, and the line through 1; averaged over the tokens asked. */
function meanAngle(queries, { asked }, { width: d }) {
  let sum = 0
  for (const a of asked) {
    const q = queries.subarray(a * d, (a + 1) * d)
    const cosine = Math.abs(q.reduce((total, x) => total + x, 0)) / (Math.hypot(...q) * Math.sqrt(d))
    sum += (Math.acos(Math.min(1, cosine)) * 180) / Math.PI
  }
  return sum / asked.length
}

function accuracy(logits, { majority }, { classes }) {
  let hits = 0
  majority.forEach((y, row) => {
    const scores = logits.subarray(row * classes, (row + 1) * classes)
    if (scores.indexOf(Math.max(...scores)) === y) hits++
  })
  return hits / majority.length
}

/**
 * @returns `records` of { step, loss, accuracy, angle }, losses being means over the steps since the last, and the `keys` and
 * `queries`, classes × width, of the end
 */
export function train({ norm, seed, steps, size, which = task }) {
  const uniform = alea(`majority, ${which.width}, ${seed}`)
  const network = model(norms[norm], which)
  const loss = (p, counts, asked, answers) => crossEntropy(network.logits(p, counts, asked), answers)
  const optimiser = adam(loss, parameters(uniform, which))
  // The same test sequences for every run.
  const test = batch(alea('majority, test'), testSize, which)
  const judge = jit((p, counts, asked) => {
    const { embedding, query, key } = tree.ref(p)
    const queries = network.seenQueries({ embedding, query, key })
    const keys = network.normalise(p.embedding.ref)
    return [network.logits(p, counts, asked), queries, keys]
  })
  const look = () => {
    const [counts, asked, answers] = tensors(test, which)
    answers.dispose()
    return judge(optimiser.parameters(), counts, asked).map((found) => found.dataSync())
  }
  const records = []
  let sum = 0
  for (let step = 1; step <= steps; step++) {
    sum += optimiser.step(tensors(batch(uniform, size, which), which), learningRate)
    if (step % every !== 0) continue
    const mean = sum / every
    if (!Number.isFinite(mean)) throw new Error(`${norm}, seed ${seed}: the loss is ${mean} at step ${step}`)
    const [logits, queries] = look()
    const angle = meanAngle(queries, test, which)
    records.push({ step, loss: mean, accuracy: accuracy(logits, test, which), angle })
    sum = 0
  }
  const [, queries, keys] = look().map((found) => Array.from(found))
  optimiser.dispose()
  return { records, keys, queries }
}
