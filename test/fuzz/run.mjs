/**
 * `npm run fuzz -- [--seconds N] [--seed S] [TARGET …]`: ten minutes for each target unless said otherwise. A finding — a crash, 5
 * seconds without an answer, or a promise broken — stays as a file in test/.generated/fuzz.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { build } from 'tsup'
import { buildGenerated } from '../../tools/generated.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const out = join(here, '../.generated/fuzz')
const longest = 1 << 16
const hang = 5_000
const { values, positionals } = parseArgs({
  options: { seconds: { type: 'string', default: '600' }, seed: { type: 'string', default: String(Date.now()) } },
  allowPositionals: true,
})

await buildGenerated()
await build({
  entry: { worker: join(here, 'worker.ts'), targets: join(here, 'targets.ts') },
  config: false,
  format: 'esm',
  outDir: out,
  silent: true,
  skipNodeModulesBundle: true,
})
const { targets } = await import(pathToFileURL(join(out, 'targets.js')).href)

function fuzz(name, seconds, seed) {
  const state = new SharedArrayBuffer(16 + longest)
  const header = new Int32Array(state, 0, 4)
  const worker = new Worker(join(out, 'worker.js'), { workerData: { name, seed, state } })
  const start = Date.now()
  const before = process.memoryUsage.rss()
  let peak = before
  worker.on('message', (rss) => (peak = Math.max(peak, rss)))
  return new Promise((resolve) => {
    let last = 0
    let since = start
    let slowest = 0
    const end = async (problem) => {
      clearInterval(timer)
      const bytes = Buffer.from(state, 16, header[1]).subarray()
      const figures = { inputs: header[0], outcomes: header[2], slowest, growth: Math.round((peak - before) / 2 ** 20) }
      resolve({ problem, bytes: Buffer.from(bytes), ...figures })
      await worker.terminate()
    }
    const timer = setInterval(() => {
      const now = Date.now()
      if (header[0] !== last) [last, since] = [header[0], now]
      slowest = Math.max(slowest, now - since)
      if (now - since > hang) void end(`no answer for ${hang} ms`)
      else if (now - start > seconds * 1000) void end(null)
    }, 50)
    worker.on('error', (error) => void end(String(error.stack ?? error)))
  })
}

for (const name of positionals.length > 0 ? positionals : Object.keys(targets)) {
  const { problem, bytes, inputs, outcomes, slowest, growth } = await fuzz(name, Number(values.seconds), values.seed)
  console.log(
    `${problem === null ? 'ok     ' : 'FINDING'} ${name}: ${inputs} inputs with ${outcomes} outcomes in ${values.seconds} s, ` +
      `slowest under ${slowest + 50} ms, memory grew by ${growth} MiB; seed ${values.seed}`,
  )
  if (problem === null) continue
  process.exitCode = 1
  mkdirSync(out, { recursive: true })
  const file = join(out, `finding-${name}-${Date.now()}`)
  writeFileSync(file, bytes)
  console.log(`${problem}\ninput in ${file}`)
}
