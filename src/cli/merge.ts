/** `merge PART…`: the report of one run, from the shards of several. */
import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Verdict } from '../index.ts'
import { nameOf } from './bytes.ts'
import { exit } from './errors.ts'
import { locate } from './locate.ts'
import { formatOption } from './options.ts'
import type { OutputFormat } from './options.ts'
import { checkTarget, print, writeFileAtomically } from './output.ts'
import { readPart } from './part.ts'
import type { Part } from './part.ts'
import { jsonOf, tableOf, verdicts } from './report.ts'
import type { Verdicts } from './report.ts'
import { enumerate } from './table.ts'

interface MergeOptions {
  readonly certificates?: string
  readonly format: OutputFormat
}

/** Declares the command on `program`; `done` takes the exit code. */
export function addMerge(program: Command, done: (code: number) => void): void {
  program
    .command('merge')
    .summary('join the shards of a check')
    .description('Join the shares that check --shard printed into the report that one run gives.')
    .argument('<PART...>', 'every share, in any order')
    .option('--certificates <file>', 'write the proof of every verdict there, one JSON object a line')
    .addOption(formatOption())
    .addHelpText(
      'after',
      `
Examples:
  selectability merge 1.part 2.part 3.part
  selectability merge *.part --certificates proofs.jsonl`,
    )
    .action(async (paths: readonly string[], options: MergeOptions) => done(await merge(paths, options)))
}

/** Joins, prints, and answers with the exit code that one run would have. */
async function merge(paths: readonly string[], { certificates: target, format }: MergeOptions): Promise<number> {
  if (paths.includes('-')) throw new TypeError('PART: expected a file, got -')
  if (target !== undefined) await checkTarget('--certificates', target, '--format ndjson prints them there', paths)
  if (target !== undefined || format === 'ndjson') for (const path of paths) await checkNoPipe(path)
  const parts: Part[] = []
  for (const path of paths) parts.push(await readPart(path))
  checkTogether(parts)
  const owner = ownersOf(parts)
  const report = reportOf(parts, owner)
  const wanting = parts.find(({ head }) => !head.certificates)
  if (wanting !== undefined && (target !== undefined || format === 'ndjson'))
    throw new TypeError(`${nameOf(wanting.path)}: expected certificates, as check --shard --format ndjson adds them`)
  if (target !== undefined) await writeFileAtomically(target, joined(parts, owner))
  else if (format === 'ndjson') await readThrough(joined(parts, owner))
  const { names, columns } = parts[0].head
  const named = { ...(names && { names }), ...(columns && { columns }) }
  await print(
    format === 'table'
      ? tableOf(report, named, {})
      : format === 'json'
        ? [jsonOf(report, named, {})]
        : joined(parts, owner),
  )
  return report.counts.selectable === report.n ? exit.good : exit.some
}

/** Certificates are read after all heads, from the start again, which a pipe would make wait for ever. */
async function checkNoPipe(path: string): Promise<void> {
  const status = await stat(path).catch((error: unknown) => {
    throw locate(path, error)
  })
  if (status.isFIFO()) throw new TypeError(`PART: expected a file, got ${path}, which is a pipe`)
}

/** What is wrong with a part is found before anything is printed. */
async function readThrough(lines: AsyncGenerator<string>): Promise<void> {
  let next = await lines.next()
  while (next.done !== true) next = await lines.next()
}

/** All shards of one check, each once. */
function checkTogether(parts: readonly Part[]): void {
  const [first] = parts
  const seen = new Map<number, string>()
  for (const { path, head } of parts) {
    if (head.digest !== first.head.digest || head.part.count !== first.head.part.count)
      throw new TypeError(
        `${nameOf(path)}: expected a part of the check that ${nameOf(first.path)} is of, got one of other keys or options`,
      )
    const other = seen.get(head.part.index)
    if (other !== undefined)
      throw new TypeError(`${nameOf(path)}: expected each part once, got part ${head.part.index} as ${other} too`)
    seen.set(head.part.index, nameOf(path))
  }
  const count = first.head.part.count
  if (seen.size === count) return
  const missing: number[] = []
  for (let index = 1; index <= count && missing.length <= 10; index++) if (!seen.has(index)) missing.push(index)
  throw new TypeError(`PART: expected all of ${count} parts, got none for ${enumerate(missing)}`)
}

/** Which part has each key. */
function ownersOf(parts: readonly Part[]): Int32Array {
  const owner = new Int32Array(parts[0].head.n).fill(-1)
  parts.forEach(({ path, head }, at) => {
    for (const key of head.keys) {
      if (owner[key] !== -1) throw new TypeError(`${nameOf(path)}: expected each key once, got key ${key} again`)
      owner[key] = at
    }
  })
  const missing = owner.indexOf(-1)
  if (missing >= 0) throw new TypeError(`PART: expected a verdict on every key, got none on key ${missing}`)
  return owner
}

function reportOf(parts: readonly Part[], owner: Int32Array): Verdicts {
  const { n, d, tolerance } = parts[0].head
  const next = parts.map(() => 0)
  const found: Verdict[] = Array.from(owner, (at) => {
    return parts[at].head.verdicts[next[at]++]
  })
  const counts = { selectable: 0, tied: 0, unselectable: 0 }
  for (const verdict of verdicts) counts[verdict] = found.filter((each) => each === verdict).length
  return { n, d, tolerance, verdicts: found, counts }
}

/** All certificates in the order of the keys, from as many files as there are parts, a line of each at a time. */
async function* joined(parts: readonly Part[], owner: Int32Array): AsyncGenerator<string> {
  const sources = parts.map((part) => part.certificates())
  try {
    for (const at of owner) {
      const { value, done } = await sources[at].next()
      if (done === true) return
      yield value as string
    }
    // Past its last certificate a part may only end.
    for (const source of sources) await source.next()
  } finally {
    for (const source of sources) await source.return(undefined)
  }
}
