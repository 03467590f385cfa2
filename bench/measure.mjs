/** What the benches share: seeded keys, medians, times for people, and the machine in a line. */
import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { performance } from 'node:perf_hooks'

/** The version of a package, by the folder of its manifest: '' is this one. */
export function version(folder) {
  return JSON.parse(readFileSync(new URL(`../${folder}package.json`, import.meta.url), 'utf8')).version
}

/** Uniform numbers in [0, 1) by mulberry32: the same on every machine, for a given seed. */
export function uniforms(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** n × d normal numbers by Box–Muller. */
export function gaussian(seed, n, d) {
  const uniform = uniforms(seed)
  return Float64Array.from({ length: n * d }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    return radius * Math.cos(2 * Math.PI * uniform())
  })
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

export function timed(run) {
  const start = performance.now()
  const result = run()
  return { ms: performance.now() - start, result }
}

/** Milliseconds by the clock, of work that may go on elsewhere. */
export async function elapsed(run) {
  const start = performance.now()
  await run()
  return performance.now() - start
}

/** Milliseconds of processor time, which others on the machine do not add to; collecting garbage in other threads counts. */
export function processorTime(run) {
  const start = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

export function format(ms) {
  if (ms < 1) return `${(ms * 1000).toPrecision(3)} µs`
  return ms < 1000 ? `${ms.toPrecision(3)} ms` : `${(ms / 1000).toPrecision(3)} s`
}

/** Processor, memory and versions. */
export function machine() {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const size = `${cpus().length} logical cores, ${Math.round(totalmem() / 2 ** 30)} GiB`
  return `${model}, ${size}, ${process.platform} ${process.arch}; Node ${process.versions.node}, selectability ${version('')}`
}
