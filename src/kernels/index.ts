/** Table of contents of the kernels. */
export { attention, attentionWeights } from './attention.ts'
export { layerNorm, project, projectionMatrix, rmsNorm, scale } from './layernorm.ts'
export { scores } from './scores.ts'
export type { Mask } from './scores.ts'
export type { Floats } from './sizes.ts'
export { softmax } from './softmax.ts'
