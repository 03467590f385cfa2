/** One run of the majority task: loss, accuracy and the angle of the queries to 1, recorded every few steps. */
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import seedrandom from 'seedrandom'
import { lossOf, model, norms, parameters } from './model.mjs'
import { batch, task } from './task.mjs'

const d = 8
const learningRate = 0.001
const testSize = 400
export const every = 50

/** One thread: sums in one order, so that a seed gives the same curve each time. */
export async function start() {
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
  setWasmPaths(`${folder}/`)
  setThreadsCount(1)
  tf.enableProdMode()
  await tf.setBackend('wasm')
}

function tensors({ counts, majority }, size) {
  const { classes, length } = task
  const answers = new Float32Array(size * classes * classes)
  majority.forEach((y, b) => {
    for (let a = 0; a < classes; a++) answers[(b * classes + a) * classes + y] = 1
  })
  return {
    counts: tf.tensor(counts, [size, classes]),
    share: tf.tensor(
      counts.map((count) => count / (size * length)),
      [size * classes, 1],
    ),
    answers: tf.tensor(answers, [size * classes, classes]),
  }
}

/** Degrees between each query, as keys see it, and the line through 1; averaged over the tokens of the test sequences. */
function meanAngle(queries, counts) {
  const angles = Array.from({ length: task.classes }, (_, a) => {
    const q = queries.subarray(a * d, (a + 1) * d)
    const cosine = Math.abs(q.reduce((sum, x) => sum + x, 0)) / (Math.hypot(...q) * Math.sqrt(d))
    return (Math.acos(Math.min(1, cosine)) * 180) / Math.PI
  })
  let sum = 0
  let tokens = 0
  counts.forEach((count, at) => {
    sum += count * angles[at % task.classes]
    tokens += count
  })
  return sum / tokens
}

function accuracy(logits, { counts, majority }) {
  const { classes } = task
  let hits = 0
  let tokens = 0
  counts.forEach((count, at) => {
    if (count === 0) return
    const row = logits.subarray(at * classes, (at + 1) * classes)
    if (row.indexOf(Math.max(...row)) === majority[Math.floor(at / classes)]) hits += count
    tokens += count
  })
  return hits / tokens
}

/** @returns {{ step: number, loss: number, accuracy: number, angle: number }[]} losses are means over the steps since the last */
export function train({ norm, seed, steps, size }) {
  const uniform = seedrandom(`majority, ${seed}`)
  const weights = parameters(uniform, d)
  const network = model(norms[norm], d, size)
  const judge = model(norms[norm], d, testSize)
  // The same test sequences for every run.
  const test = batch(seedrandom('majority, test'), testSize)
  const optimizer = tf.train.adam(learningRate)
  const records = []
  let sum = 0
  for (let step = 1; step <= steps; step++) {
    sum += tf.tidy(() => {
      const { counts, share, answers } = tensors(batch(uniform, size), size)
      return optimizer.minimize(() => lossOf(network.logits(weights, counts), share, answers), true).dataSync()[0]
    })
    if (step % every !== 0) continue
    const loss = sum / every
    if (!Number.isFinite(loss)) throw new Error(`${norm}, seed ${seed}: the loss is ${loss} at step ${step}`)
    const [logits, queries] = tf.tidy(() => [
      judge.logits(weights, tf.tensor(test.counts, [testSize, task.classes])).dataSync(),
      judge.seenQueries(weights).dataSync(),
    ])
    records.push({ step, loss, accuracy: accuracy(logits, test), angle: meanAngle(queries, test.counts) })
    sum = 0
  }
  tf.disposeVariables()
  return records
}
