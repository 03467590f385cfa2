/** The library on four keys: `npm run build`, then `node examples/quickstart.mjs`. */
import { attentionWeights, layerNorm, selectability, verify } from '../dist/index.js'

const keys = [
  [3, -3, 3],
  [3, 0, 0],
  [13, 1, -11],
  [-1, 5, -1],
]

const report = selectability(keys, { tolerance: 0 })
console.log('verdicts', report.verdicts)

const proof = report.certificate(1)
console.log('key 1 is the average', Array.from(proof.weights), 'of keys', Array.from(proof.support))
console.log('checked', verify(keys, proof, { tolerance: 0 }))

const normalised = layerNorm(keys, { eps: 0 })
const { query, margin } = selectability(normalised).certificate(1)
console.log('after LayerNorm, key 1 is ahead by', margin, 'per unit of query norm')

const long = query.map((value) => (16 * value) / Math.hypot(...query))
console.log('its weight for that query at norm 16', attentionWeights([long], normalised).get(0, 1))
