/**
 * Kernels over typed arrays: explicit sizes in, `out` last and returned. They depend on nothing and generate no code from
 * strings; where WebAssembly SIMD may run, they do (a Content Security Policy then wants 'wasm-unsafe-eval').
 *
 * @packageDocumentation
 */
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
