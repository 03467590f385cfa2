/**
 * Kernels over typed arrays: explicit sizes in, `out` last and returned. They depend on nothing and generate no code.
 *
 * @packageDocumentation
 */
export { attention, attentionWeights } from './attention.ts'
export { layerNorm, project, projectionMatrix, rmsNorm, scale } from './layernorm.ts'
export { scores } from './scores.ts'
export type { Mask } from './scores.ts'
export type { Floats } from './sizes.ts'
export { softmax } from './softmax.ts'
