/**
 * The second module, built with relaxed SIMD: those kernels that gain from multiplying and adding in one instruction, under
 * the names that they have in `index.ts`. It works in the first one's memory, and has none of the search's functions.
 */
export { attend32, attend64, blockRows, product32, product64 } from './index'
