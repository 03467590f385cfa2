/** Lets this process have relaxed SIMD, which Node 20 has behind a flag; to be imported before the kernels run. */
import { setFlagsFromString } from 'node:v8'

if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd')
