/** A project with the packed tarball in it, and the tools of `test/consumers` beside. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../root.ts'

export const tools: string = fileURLToPath(new URL('node_modules/', import.meta.url))

export interface Project {
  readonly path: string
  write(name: string, text: string): string
  remove(): void
}

/** The tarball unpacked, with its run-time dependencies, in a project of its own. */
export function install(): Project {
  const path = mkdtempSync(join(tmpdir(), 'selectability-consumer-'))
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', path], {
    cwd: root,
    encoding: 'utf8',
  })
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }]
  const modules = join(path, 'node_modules')
  const installed = join(modules, 'selectability')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', join(path, filename), '-C', installed, '--strip-components=1'])
  // What `npm install` would bring, with what that needs in turn; copied, since bundlers resolve links to where they lead.
  const seen = new Set<string>()
  const bring = (names: readonly string[]): void => {
    for (const name of names) {
      if (seen.has(name)) continue
      seen.add(name)
      const from = join(root, 'node_modules', name)
      mkdirSync(join(modules, name, '..'), { recursive: true })
      execFileSync('cp', ['-r', from, join(modules, name)])
      const { dependencies = {} } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as Manifest
      bring(Object.keys(dependencies))
    }
  }
  const { dependencies = {} } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Manifest
  bring([...Object.keys(dependencies), 'fast-check'])
  writeFileSync(join(path, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  for (const name of readdirSync(tools)) {
    if (name.startsWith('.') || seen.has(name) || name === '@types') continue
    try {
      symlinkSync(join(tools, name), join(modules, name), 'junction')
    } catch {
      // Already brought.
    }
  }
  return {
    path,
    write(name, text) {
      writeFileSync(join(path, name), text)
      return join(path, name)
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
}
