/** The kernels on the module: the same functions as the reference, with the engine before their arguments. */
export { attention, attentionWeights } from './attention.ts'
export { layerNorm, project, rmsNorm, scale } from './layernorm.ts'
export { instantiate, keepMemories, moduleBytes, setModuleBytes } from './module.ts'
export type { Engine, ModuleBytes } from './module.ts'
export { gemm, gemmTransposed, scores } from './product.ts'
export { softmax } from './softmax.ts'
export { dot, gemv, rowNorms } from './vector.ts'
