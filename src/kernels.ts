/**
 * Kernels and the checker over typed arrays: explicit sizes in, `out` last and returned. They depend on nothing and generate no code
 * from strings; where WebAssembly SIMD may run, the kernels do (a Content Security Policy then wants 'wasm-unsafe-eval').
 *
 * @packageDocumentation
 */
export * from './kernels/index.ts'
export { certify, selectability, selectabilityAsync, selectabilityPart, verify } from './selectability/dense.ts'
export { criticalScale, escapeScale, explain } from './selectability/questions-dense.ts'
export { attainableWeight, attainableWeights, attainableWeightsAsync, margin } from './selectability/measure.ts'
export { fromJson, toJson } from './selectability/json.ts'
export type { CertificateJson } from './selectability/json.ts'
export type * from './selectability/types.ts'
