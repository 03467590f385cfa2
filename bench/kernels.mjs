/**
 * How fast are the kernels, and how do they compare? Prints a Markdown table, and puts it between the lines
 * `<!-- bench:kernels -->` and `<!-- /bench:kernels -->` of each file named on the command line;
 * in an engine with relaxed SIMD between those of `bench:fused`, in files that have them.
 *
 * One process, one thread. Contenders take turns, after a warm-up of each, so that whatever else the machine does falls on
 * all of them; figures are medians of processor time. Building models and uploading inputs is not counted for the others; our copies into
 * and out of WebAssembly memory are. Results are compared before anything is timed. Two yardsticks say what the machine
 * could do: multiplications and additions in registers alone, and memory.copy.
 */
import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import * as kernels from '../dist/kernels.js'
import { median } from './measure.mjs'
import { mlMatrix, onnx, plain, stdlib, tensorflow, versions } from './peers.mjs'
import { writeSection } from './readme.mjs'
import { copying, multiplying, streaming } from './yardsticks.mjs'

const rounds = 15
/** What a turn takes, at least, unless it is so many calls. */
const turnMs = 20
const mostCalls = 20_000
/** No contender takes more than this in all, but for three runs at least. */
const budgetMs = 1000

/** Numbers in (−1, 1) from mulberry32: the same on every machine. */
function numbers(seed, length, Type = Float32Array) {
  let state = seed >>> 0
  return Type.from({ length }, () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1
  })
}

/** Calls that last long enough to time, and how much of the processor's time one takes: others on the machine have theirs. */
async function timed(run, calls) {
  const start = process.cpuUsage()
  for (let call = 0; call < calls; call++) await run()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000 / calls
}

/** Medians of contenders that take turns; the first is ours. */
async function race(contenders) {
  const entries = []
  for (const [name, make] of Object.entries(contenders)) {
    const run = await make()
    await timed(run, 1)
    const once = await timed(run, 1)
    const calls = Math.max(1, Math.min(mostCalls, Math.ceil(turnMs / Math.max(once, 1e-4))))
    // V8 compiles a hot loop of WebAssembly on another thread: some calls, and some time.
    await timed(run, Math.min(calls * 5, Math.ceil(500 / once)))
    entries.push({
      name,
      run,
      calls,
      times: [],
      most: Math.max(3, Math.min(rounds, Math.floor(budgetMs / (once * calls)))),
    })
  }
  for (let round = 0; round < rounds; round++) {
    for (const { run, calls, times, most } of entries) {
      if (round >= most) continue
      // The caches are those of whoever was before.
      await run()
      times.push(await timed(run, calls))
    }
  }
  return Object.fromEntries(entries.map(({ name, times }) => [name, median(times)]))
}

function checkClose(name, ours, theirs) {
  for (let at = 0; at < ours.length; at++) {
    if (!(Math.abs(ours[at] - theirs[at]) <= 1e-3 * (1 + Math.abs(theirs[at])))) {
      throw new Error(`${name}: ${ours[at]} against ${theirs[at]} at ${at}`)
    }
  }
}

function js(run) {
  return () => {
    kernels.setBackend('js')
    const result = run()
    kernels.setBackend('auto')
    return result
  }
}

function gemm(m, n, d, Type) {
  const [a, b] = [numbers(1, m * d, Type), numbers(2, d * n, Type)]
  const out = new Type(m * n)
  const ours = () => kernels.gemm(a, b, m, n, d, out)
  return {
    work: `GEMM ${Type === Float32Array ? 'f32' : 'f64'}, ${m}×${n}×${d}`,
    flops: 2 * m * n * d,
    contenders: {
      selectability: () => ours,
      'our TypeScript': () => js(ours),
      ...(Type === Float32Array
        ? { 'onnxruntime-web': () => onnx.gemm(a, b, m, n, d), 'tfjs wasm': () => tensorflow.gemm(a, b, m, n, d) }
        : {}),
      'ml-matrix': () => mlMatrix.gemm(a, b, m, n, d),
      '@stdlib/blas': () => stdlib.gemm(a, b, m, n, d),
      'plain loop': () => plain.gemm(a, b, m, n, d),
    },
  }
}

function attention(heads, n, d) {
  const [q, k, v] = [1, 2, 3].map((seed) => numbers(seed, heads * n * d))
  const out = new Float32Array(heads * n * d)
  const of = (x, h) => x.subarray(h * n * d, (h + 1) * n * d)
  const ours = () => {
    for (let h = 0; h < heads; h++) {
      kernels.attention(of(q, h), of(k, h), of(v, h), n, n, d, d, 1 / Math.sqrt(d), false, null, 0, of(out, h))
    }
    return out
  }
  const large = heads * n * n * d > 1e6
  return {
    work: `attention f32, ${heads} head${heads > 1 ? 's' : ''}, n ${n}, d ${d}`,
    flops: 4 * heads * n * n * d,
    contenders: {
      selectability: () => ours,
      'our TypeScript': () => js(ours),
      ...(large
        ? {
            'onnxruntime-web': () => onnx.attention(q, k, v, heads, n, d),
            'tfjs wasm': () => tensorflow.attention(q, k, v, heads, n, d),
          }
        : {}),
      'plain loop': () => plain.attention(q, k, v, heads, n, d),
    },
  }
}

function layerNorm(rows, d) {
  const [x, gain, bias] = [numbers(1, rows * d), numbers(2, d), numbers(3, d)]
  const out = new Float32Array(rows * d)
  const ours = () => kernels.layerNorm(x, rows, d, 1e-5, gain, bias, out)
  return {
    work: `layerNorm f32, ${rows}×${d}`,
    flops: 0,
    contenders: {
      selectability: () => ours,
      'our TypeScript': () => js(ours),
      'onnxruntime-web': () => onnx.layerNorm(x, gain, bias, rows, d),
      'tfjs wasm': () => tensorflow.layerNorm(x, gain, bias, rows, d),
      'plain loop': () => plain.layerNorm(x, gain, bias, rows, d),
      'copies in and out alone': () => streaming(x, out),
      'memory.copy': () => copying(4 * rows * d),
    },
  }
}

function duration(ms) {
  if (ms < 1) return `${(ms * 1000).toPrecision(3)} µs`
  return ms < 1000 ? `${ms.toPrecision(3)} ms` : `${(ms / 1000).toPrecision(3)} s`
}

async function measure({ work, flops, contenders }) {
  const ours = Array.from(contenders.selectability()())
  for (const [name, make] of Object.entries(contenders)) {
    const result = await (await make())()
    if (result !== undefined) checkClose(`${work}, ${name}`, ours, result.to1DArray?.() ?? result)
  }
  // The yardstick takes its turn with the rest, for the machine is not always as fast.
  const bytes = work.includes('f64') ? 8 : 4
  const yardstick = flops > 1e6 ? { 'in registers': () => multiplying(bytes) } : {}
  const { selectability, 'in registers': unit, ...others } = await race({ ...contenders, ...yardstick })
  const rate = flops / selectability / 1e6
  const peak = unit === undefined ? Infinity : multiplying.flops(bytes) / unit / 1e6
  const onnxMs = others['onnxruntime-web']
  const cells = [
    work,
    duration(selectability),
    flops > 1e6 ? rate.toFixed(1) : '',
    flops > 1e6 ? `${Math.round((100 * rate) / peak)} %` : '',
    flops > 1e6 && onnxMs !== undefined ? `${((onnxMs * peak * 1e6) / flops).toFixed(2)}×` : '',
    Object.entries(others)
      .map(([name, ms]) => `${name} ${duration(ms)} (${(ms / selectability).toPrecision(3)}×)`)
      .join('; '),
  ]
  return `| ${cells.join(' | ')} |`
}

const cases = [
  gemm(1024, 1024, 64, Float32Array),
  gemm(512, 512, 512, Float32Array),
  gemm(1024, 1024, 64, Float64Array),
  attention(1, 1024, 64),
  attention(1, 4096, 64),
  attention(12, 512, 64),
  attention(1, 8, 4),
  layerNorm(4096, 768),
]
/** Others on the machine do not only slow everything down: they take turns with some contenders more than with others. */
const load = loadavg()[0].toFixed(1)
const rows = []
for (const [at, each] of cases.entries()) {
  process.stderr.write(`${at + 1} of ${cases.length}: ${each.work}\n`)
  rows.push(await measure(each))
}

const { name, reason } = kernels.backend()
const table = [
  `Machine: ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} logical cores, ` +
    `${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}. Node ${process.versions.node}, ` +
    `${Object.entries(versions())
      .map((entry) => entry.join(' '))
      .join(', ')}. Backend ${name} (${reason}). ` +
    `Load average before: ${load}. One thread; medians of processor time over up to ${rounds} interleaved rounds; in brackets, how many times as long as ours.`,
  '',
  '| work | selectability | GFLOP/s | of a loop in registers | onnxruntime-web over that loop | others |',
  '|---|---:|---:|---:|---:|---|',
  ...rows,
].join('\n')
console.log(table)

const section = reason.includes('fused') ? 'fused' : 'kernels'
for (const page of process.argv.slice(2)) {
  const text = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8')
  if (section === 'kernels' || text.includes(`<!-- bench:${section} -->`)) await writeSection(section, table, page)
}
