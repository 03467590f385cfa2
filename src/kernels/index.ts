/** Table of contents of the kernels. */
export {
  attention,
  attentionWeights,
  backend,
  dot,
  gemm,
  gemmTransposed,
  gemv,
  layerNorm,
  project,
  rmsNorm,
  rowNorms,
  scale,
  scores,
  setBackend,
  softmax,
} from './backend.ts'
export type { Backend } from './backend.ts'
export { projectionMatrix } from './layernorm.ts'
export type { Mask } from './scores.ts'
export type { Floats } from './sizes.ts'
