/**
 * Universal Sentence Encoder Lite as a TensorFlow.js graph, and the names under which its tensors are found.
 *
 * Each layer is pre-LayerNorm: residual -> LayerNorm -> one dense `qkv_transform_single` -> split in three -> heads.
 */
import { loadGraphModel } from '@tensorflow/tfjs-converter'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { places, readArtifacts } from '../encoder/weights.mjs'

const root = 'module_apply_default/Encoder_en/KonaTransformer'
const embedding = 'module_apply_default/Encoder_en/hidden_layers/l2_normalize'
const clip = `${root}/ClipToMaxLength/Less/y`

/** Graph nodes of layer 0 and layer 1. */
export const layers = [0, 1].map((layer) => {
  const stack = `${root}/Encode/TransformerStack`
  const block = `${stack}/Layer_${layer}/TransformerLayer`
  return {
    residual: layer === 0 ? `${stack}/Layer_0/add` : `${stack}/Layer_0/TransformerLayer/FFN/layer_postprocess/add`,
    normalized: `${block}/layer_prepostprocess/layer_norm/add_1`,
    keys: `${block}/MultiheadAttention/split_heads_1/transpose`,
  }
})

/** Names of the constants of layer 0 and layer 1. */
const constants = [0, 1].map((layer) => {
  const block = `Encode/Layer_${layer}/TransformerLayer`
  const whole = 'ConcatPartitions/concat'
  return {
    gain: `${root}/${block}/layer_prepostprocess/layer_norm/layer_norm_scale/${whole}`,
    bias: `${root}/${block}/layer_prepostprocess/layer_norm/layer_norm_bias/${whole}`,
    kernel: `module/Encoder_en/KonaTransformer/${block}/MultiheadAttention/qkv_transform_single/kernel/part_0`,
    kernelBias: `${root}/${block}/MultiheadAttention/qkv_transform_single/bias/${whole}`,
    eps: `${root}/Encode/TransformerStack/Layer_1/TransformerLayer/FFN/layer_prepostprocess/layer_norm/Cast/x`,
  }
})

/** The artifacts with the limit on the length of a sequence raised. */
function artifacts(maxLength) {
  const { modelTopology, weightSpecs, bytes } = readArtifacts()
  for (const { name, at } of places(weightSpecs)) {
    if (name === clip) new DataView(bytes.buffer).setInt32(at, maxLength, true)
  }
  return { modelTopology, weightSpecs, weightData: bytes.buffer }
}

/** The tensors' numbers are copied out, so that nothing of TensorFlow.js leaves this file. */
function toArray(tensor) {
  return { data: Float32Array.from(tensor.dataSync()), shape: tensor.shape }
}

/**
 * @param {number} maxLength the published graph drops all tokens of a sequence from the 129th; this many are kept instead.
 *   Positions are sinusoids computed for any length, so the graph itself needs no limit.
 */
export async function loadEncoder(maxLength) {
  tf.enableProdMode()
  await tf.setBackend('cpu')
  const model = await loadGraphModel({ load: () => Promise.resolve(artifacts(maxLength)) })
  const constant = (name) => toArray(model.weights[name][0])

  return {
    /** The constants of a layer. */
    parameters: (layer) =>
      Object.fromEntries(Object.entries(constants[layer]).map(([key, name]) => [key, constant(name)])),

    /** Runs one sequence; for each layer `residual` and `normalized` are n×width, `keys` heads×n×d; and the sentence's embedding. */
    async run(ids) {
      const inputs = {
        indices: tf.tensor2d(
          ids.flatMap((_, position) => [0, position]),
          [ids.length, 2],
          'int32',
        ),
        values: tf.tensor1d(ids, 'int32'),
      }
      const names = [...layers.flatMap(({ residual, normalized, keys }) => [residual, normalized, keys]), embedding]
      const outputs = await model.executeAsync(inputs, names)
      const arrays = outputs.map((tensor) => {
        const { data, shape } = toArray(tensor)
        return { data, shape: shape.slice(1) }
      })
      tf.dispose([inputs, outputs])
      const found = layers.map((_, layer) => {
        const [residual, normalized, keys] = arrays.slice(3 * layer, 3 * layer + 3)
        return { residual, normalized, keys }
      })
      return { layers: found, embedding: arrays.at(-1) }
    },
  }
}
