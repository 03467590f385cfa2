/**
 * `npm run soak:theorems -- [--runs N] [--seed S] [--write]`: every theorem on 100,000 random instances, unless told otherwise.
 *
 * `--write` puts the counts into docs/findings.md. Exits with 1 when a theorem fails; the message holds the seed and the instance, shrunk.
 */
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { theorems } from '../../src/testing/index.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
})
const numRuns = Number(values.runs)
const seed = Number(values.seed)
if (!(Number.isInteger(numRuns) && numRuns > 0))
  throw new RangeError(`--runs: expected an integer > 0, got ${values.runs}`)
if (!Number.isInteger(seed)) throw new RangeError(`--seed: expected an integer, got ${values.seed}`)

const rows: string[] = []
let failures = 0
for (const theorem of theorems) {
  const start = Date.now()
  const property = fc.property(theorem.arbitrary(fc), (instance) => theorem.check(instance))
  const outcome = fc.check(property, { numRuns, seed })
  const seconds = ((Date.now() - start) / 1000).toFixed(1)
  console.log(`${outcome.failed ? 'FAIL' : 'ok  '} ${theorem.id}: ${outcome.numRuns} runs in ${seconds} s`)
  rows.push(`| ${theorem.id} | ${outcome.numRuns} | ${outcome.failed ? 1 : 0} |`)
  if (!outcome.failed) continue
  failures++
  console.log(fc.defaultReportMessage(outcome))
}
console.log(`\nseed ${seed}: ${theorems.length} theorems, ${numRuns} instances each, ${failures} failed`)
if (values.write) {
  const text = `| theorem | random instances | that fail |\n| --- | --: | --: |\n${rows.join('\n')}\n\n\`npm run soak:theorems\`, seed ${seed}.`
  // A script of this checkout, not of the bundle that this file is part of.
  const { writeSection } = (await import(String(new URL('bench/readme.mjs', pathToFileURL(`${process.cwd()}/`))))) as {
    writeSection: (name: string, body: string, page: string) => Promise<void>
  }
  await writeSection('theorems', text, 'docs/findings.md')
}
process.exitCode = failures === 0 ? 0 : 1
