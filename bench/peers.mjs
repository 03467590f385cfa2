/**
 * The kernels as others run them: each peer a function that does the work once, its models built and its inputs uploaded
 * beforehand. What comes back is read out, as a user would.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import dgemm from '@stdlib/blas/base/dgemm/lib/index.js'
import sgemm from '@stdlib/blas/base/sgemm/lib/index.js'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { Matrix } from 'ml-matrix'
import * as ort from 'onnxruntime-web'
import ts from 'typescript'

const require = createRequire(import.meta.url)

ort.env.wasm.numThreads = 1
setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`)
await tf.setBackend('wasm')

/** The encoder of ONNX models is the tests', in TypeScript. */
const source = readFileSync(new URL('../test/reference/onnx.ts', import.meta.url), 'utf8')
const { outputText } = ts.transpileModule(source, {
  compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
})
const { encodeModel } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`)

/** Versions, by package. */
export function versions() {
  const read = (path) => JSON.parse(readFileSync(path, 'utf8')).version
  const installed = (name) => {
    for (let folder = dirname(require.resolve(name)); ; folder = dirname(folder)) {
      const path = join(folder, 'package.json')
      try {
        const manifest = JSON.parse(readFileSync(path, 'utf8'))
        if (manifest.name === name) return manifest.version
      } catch (error) {
        if (error.code !== 'ENOENT') throw error
      }
    }
  }
  const names = [
    'onnxruntime-web',
    '@tensorflow/tfjs-core',
    '@tensorflow/tfjs-backend-wasm',
    'ml-matrix',
    '@stdlib/blas',
  ]
  return {
    selectability: read(new URL('../package.json', import.meta.url)),
    ...Object.fromEntries(names.map((name) => [name, installed(name)])),
  }
}

async function session(graph, inputs) {
  const model = await ort.InferenceSession.create(encodeModel(graph))
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, dims }]) => [name, new ort.Tensor('float32', data, dims)]),
  )
  return async () => (await model.run(feeds)).y.data
}

export const onnx = {
  gemm: (a, b, m, n, d) =>
    session(
      { nodes: [{ op: 'MatMul', inputs: ['a', 'b'], output: 'y' }], inputs: { a: 2, b: 2 }, outputs: { y: 2 } },
      { a: { data: a, dims: [m, d] }, b: { data: b, dims: [d, n] } },
    ),
  attention: (q, k, v, heads, n, d) =>
    session(
      {
        nodes: [
          { op: 'MatMul', inputs: ['q', 'k'], output: 'products' },
          { op: 'Mul', inputs: ['products', 'scale'], output: 's' },
          { op: 'Softmax', inputs: ['s'], output: 'p', attributes: { axis: 2 } },
          { op: 'MatMul', inputs: ['p', 'v'], output: 'y' },
        ],
        inputs: { q: 3, k: 3, v: 3, scale: 0 },
        outputs: { y: 3 },
      },
      {
        q: { data: q, dims: [heads, n, d] },
        // Keys transposed beforehand: what ONNX Runtime would spend on that is not counted.
        k: { data: transposed(k, heads, n, d), dims: [heads, d, n] },
        v: { data: v, dims: [heads, n, d] },
        scale: { data: Float32Array.of(1 / Math.sqrt(d)), dims: [] },
      },
    ),
  layerNorm: (x, gain, bias, rows, d) =>
    session(
      {
        nodes: [
          {
            op: 'LayerNormalization',
            inputs: ['x', 'gain', 'bias'],
            output: 'y',
            attributes: { axis: 1, epsilon: { float: 1e-5 } },
          },
        ],
        inputs: { x: 2, gain: 1, bias: 1 },
        outputs: { y: 2 },
      },
      { x: { data: x, dims: [rows, d] }, gain: { data: gain, dims: [d] }, bias: { data: bias, dims: [d] } },
    ),
}

function transposed(x, heads, n, d) {
  const out = new Float32Array(x.length)
  for (let h = 0; h < heads; h++) {
    for (let i = 0; i < n; i++) for (let c = 0; c < d; c++) out[(h * d + c) * n + i] = x[(h * n + i) * d + c]
  }
  return out
}

export const tensorflow = {
  gemm: (a, b, m, n, d) => {
    const [x, y] = [tf.tensor2d(a, [m, d]), tf.tensor2d(b, [d, n])]
    return () => reading(() => tf.matMul(x, y))
  },
  attention: (q, k, v, heads, n, d) => {
    const [x, y, z] = [q, k, v].map((data) => tf.tensor3d(data, [heads, n, d]))
    const scale = tf.scalar(1 / Math.sqrt(d))
    return () => reading(() => tf.matMul(tf.softmax(tf.mul(tf.matMul(x, y, false, true), scale)), z))
  },
  layerNorm: (x, gain, bias, rows, d) => {
    const [rowsOf, g, b] = [tf.tensor2d(x, [rows, d]), tf.tensor1d(gain), tf.tensor1d(bias)]
    const eps = tf.scalar(1e-5)
    return () =>
      reading(() => {
        const mean = tf.mean(rowsOf, 1, true)
        const centred = tf.sub(rowsOf, mean)
        const variance = tf.mean(tf.mul(centred, centred), 1, true)
        return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, eps))), g), b)
      })
  },
}

function reading(compute) {
  const result = tf.tidy(compute)
  const data = result.dataSync()
  result.dispose()
  return data
}

export const mlMatrix = {
  gemm: (a, b, m, n, d) => {
    const [x, y] = [Matrix.from1DArray(m, d, a), Matrix.from1DArray(d, n, b)]
    return () => x.mmul(y)
  },
}

export const stdlib = {
  gemm: (a, b, m, n, d) => {
    const narrow = a.BYTES_PER_ELEMENT === 4
    const out = narrow ? new Float32Array(m * n) : new Float64Array(m * n)
    const kernel = narrow ? sgemm : dgemm
    return () => kernel('row-major', 'no-transpose', 'no-transpose', m, n, d, 1, a, d, b, n, 0, out, n)
  },
}

export const plain = {
  gemm: (a, b, m, n, d) => {
    const out = a.BYTES_PER_ELEMENT === 4 ? new Float32Array(m * n) : new Float64Array(m * n)
    return () => {
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let sum = 0
          for (let c = 0; c < d; c++) sum += a[i * d + c] * b[c * n + j]
          out[i * n + j] = sum
        }
      }
      return out
    }
  },
  attention: (q, k, v, heads, n, d) => {
    const out = new Float32Array(q.length)
    const weights = new Float64Array(n)
    const scale = 1 / Math.sqrt(d)
    return () => {
      for (let row = 0; row < heads * n; row++) {
        const head = Math.floor(row / n) * n * d
        let most = -Infinity
        for (let j = 0; j < n; j++) {
          let sum = 0
          for (let c = 0; c < d; c++) sum += q[row * d + c] * k[head + j * d + c]
          weights[j] = sum * scale
          most = Math.max(most, weights[j])
        }
        let total = 0
        for (let j = 0; j < n; j++) total += weights[j] = Math.exp(weights[j] - most)
        for (let c = 0; c < d; c++) {
          let sum = 0
          for (let j = 0; j < n; j++) sum += weights[j] * v[head + j * d + c]
          out[row * d + c] = sum / total
        }
      }
      return out
    }
  },
  layerNorm: (x, gain, bias, rows, d) => {
    const out = new Float32Array(x.length)
    return () => {
      for (let i = 0; i < rows; i++) {
        let mean = 0
        for (let c = 0; c < d; c++) mean += x[i * d + c]
        mean /= d
        let square = 0
        for (let c = 0; c < d; c++) square += (x[i * d + c] - mean) ** 2
        const rms = Math.sqrt(square / d + 1e-5)
        for (let c = 0; c < d; c++) out[i * d + c] = ((x[i * d + c] - mean) / rms) * gain[c] + bias[c]
      }
      return out
    }
  },
}
