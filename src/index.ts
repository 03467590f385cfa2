/**
 * Which keys can attention select? The functional API over matrices.
 *
 * @packageDocumentation
 */
export type { MatrixLike, NumericArray, Strided, Tensor } from './matrix.ts'
export { certify, selectability, selectabilityAsync, selectabilityPart, verify } from './selectability/index.ts'
export { criticalScale, escapeScale, explain } from './selectability/questions.ts'
export { attainableWeight, attainableWeights, attainableWeightsAsync, margin } from './selectability/geometry.ts'
export { fromJson, toJson } from './selectability/json.ts'
export type { CertificateJson } from './selectability/json.ts'
export type * from './selectability/types.ts'
export { attention, attentionWeights, scores, softmax } from './attention.ts'
export type { AttentionOptions, ScoresOptions } from './attention.ts'
export type { Floats } from './kernels/sizes.ts'
export type { MaskLike, Rows } from './mask.ts'
export { layerNorm, project, projectionMatrix, rmsNorm, scale } from './layernorm.ts'
export type { LayerNormOptions, RmsNormOptions, ScaleOptions, VectorLike } from './layernorm.ts'
export { backend, setBackend } from './kernels/backend.ts'
export type { Backend } from './kernels/backend.ts'
