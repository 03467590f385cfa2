/** The job files of examples/cluster: run here as their schedulers would run them, they give what one run gives. */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { writeNpy } from '../../src/cli/npy.ts'
import { randomKeys } from '../../src/testing/index.ts'
import { cli, workspace } from '../cli/run.ts'
import type { Workspace } from '../cli/run.ts'
import { root } from '../root.ts'

const folder = join(root, 'examples/cluster')
let files: Workspace
let env: NodeJS.ProcessEnv

beforeEach(() => {
  files = workspace()
  mkdirSync(join(files.path, 'bin'))
  files.write('bin/selectability', `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`)
  chmodSync(join(files.path, 'bin/selectability'), 0o755)
  env = { ...process.env, PATH: `${join(files.path, 'bin')}:${process.env['PATH']}` }
  const { data } = randomKeys({ n: 200, d: 3, distribution: 'gaussian', seed: 'cluster' })
  files.write('keys.npy', writeNpy(Float64Array.from(data), [200, 3]))
})
afterEach(() => files.remove())

const shell = (args: string[], more: NodeJS.ProcessEnv = {}): number | null =>
  spawnSync('/bin/sh', args, { cwd: files.path, env: { ...env, ...more } }).status

/** What one run gives. */
function expectMerged(): void {
  const whole = spawnSync(process.execPath, [cli, 'check', 'keys.npy', '--format', 'json', '--certificates', 'whole'], {
    cwd: files.path,
  })
  const read = (name: string): string => readFileSync(join(files.path, name), 'utf8')
  expect(read('report.json')).toBe(whole.stdout.toString())
  expect(read('proofs.jsonl')).toBe(read('whole'))
}

describe('slurm.sh', () => {
  const script = readFileSync(join(folder, 'slurm.sh'), 'utf8')

  it('is an array whose parts give the report', () => {
    mkdirSync(join(files.path, 'parts'))
    for (let task = 1; task <= 3; task++) {
      const variables = { SLURM_ARRAY_TASK_ID: String(task), SLURM_ARRAY_TASK_MAX: '3', SLURM_CPUS_PER_TASK: '1' }
      expect(shell([join(folder, 'slurm.sh')], variables)).toBe(0)
    }
    const merge = /--wrap '([^']+)'/u.exec(script)?.[1] ?? ''
    expect(shell(['-c', merge])).toBe(0)
    expectMerged()
  })

  it('fails where the check fails', () => {
    // No folder to write to.
    expect(shell([join(folder, 'slurm.sh')], { SLURM_ARRAY_TASK_ID: '1', SLURM_ARRAY_TASK_MAX: '1' })).toBe(2)
  })
})

describe('kubernetes.yaml', () => {
  interface Job {
    spec: {
      completions?: number
      completionMode?: string
      suspend?: boolean
      template: { spec: { containers: { command: string[]; env?: { name: string; value: string }[] }[] } }
    }
  }
  const documents = parseAllDocuments(readFileSync(join(folder, 'kubernetes.yaml'), 'utf8'))
  const [check, merge] = documents.map((document) => document.toJS() as Job)

  it('is an Indexed Job of as many pods as shards, and a job that waits', () => {
    expect(documents.flatMap(({ errors }) => errors)).toEqual([])
    expect(check?.spec.completionMode).toBe('Indexed')
    const [container] = check?.spec.template.spec.containers ?? []
    expect(container?.env).toContainEqual({ name: 'SHARDS', value: String(check?.spec.completions) })
    expect(merge?.spec.suspend).toBe(true)
  })

  it('whose parts give the report', () => {
    const commandOf = (job: Job | undefined): string[] => job?.spec.template.spec.containers[0]?.command ?? []
    for (let index = 0; index < 3; index++) {
      const [program = '', ...args] = commandOf(check)
      const variables = { JOB_COMPLETION_INDEX: String(index), SHARDS: '3', THREADS: '1' }
      execFileSync(program, args, { cwd: files.path, env: { ...env, ...variables } })
    }
    const [program = '', ...args] = commandOf(merge)
    execFileSync(program, args, { cwd: files.path, env })
    expectMerged()
  })
})
