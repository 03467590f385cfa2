/** LayerNorm and its two halves, as both parts of the demonstration apply them. */
import { layerNorm, project, scale } from '../dist/index.js'

export const transforms = {
  none: (keys) => keys,
  projection: (keys) => project(keys),
  scaling: (keys) => scale(keys),
  LayerNorm: (keys) => layerNorm(keys, { eps: 0 }),
}
