/** Every TypeScript example of the README, the docs and the docstrings runs, and says what is so. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { afterAll, describe, expect, it } from 'vitest'
import { root } from './root.ts'
import { plain } from './snippets/claim.ts'
import { docstringFences, fences, toModule } from './snippets/extract.ts'
import type { Snippet } from './snippets/extract.ts'

/** One folder a run, so that two runs at once do not clear away each other's files. */
const generated = join(root, 'test/.generated', String(process.pid))

function files(folder: string, extension: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(extension))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .sort()
}

const slug = (name: string): string => name.replace(/\W+/g, '-')
const read = (file: string): string => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '')
const pages = ['README.md', ...files('docs', '.md')]
const snippets: Snippet[] = [
  ...pages.flatMap((file) => fences(file, read(file))),
  ...files('src', '.ts').flatMap((file) => docstringFences(file, read(file))),
]

mkdirSync(generated, { recursive: true })
afterAll(() => rmSync(generated, { recursive: true, force: true }))

describe('the examples', () => {
  it('are there', () => {
    expect(snippets.filter(({ file }) => file === 'README.md').length).toBeGreaterThan(0)
  })

  it('carry no exemption', () => {
    expect(snippets.filter(({ info }) => info !== '').map(({ file, line, info }) => `${file}:${line} ${info}`)).toEqual(
      [],
    )
  })

  it.each(snippets.map((snippet) => [`${snippet.file}:${snippet.line}`, snippet] as const))(
    '%s',
    async (name, snippet) => {
      const path = join(generated, `${slug(name)}.js`)
      const { js, claims } = toModule(snippet)
      writeFileSync(path, js)
      if (claims > 0) expect.hasAssertions()
      await import(/* @vite-ignore */ path)
    },
  )
})

describe('the examples as TypeScript', () => {
  it('have no type errors', () => {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.test.json'), ts.sys.readFile) as { config: object }
    const { options } = ts.parseJsonConfigFileContent(
      { ...config, include: [], files: ['vitest.config.ts'] },
      ts.sys,
      root,
    )
    const paths = snippets.map(({ file, line, code }) => {
      const path = join(generated, `${slug(`${file}:${line}`)}.ts`)
      // An empty export makes a module of it, so that two snippets may use one name.
      writeFileSync(path, `${code}\nexport {}\n`)
      return path
    })
    const program = ts.createProgram(paths, { ...options, noUnusedLocals: false, noUnusedParameters: false })
    const problems = paths.flatMap((path, at) => {
      const { file, line } = snippets[at] as Snippet
      const source = program.getSourceFile(path)
      return ts.getPreEmitDiagnostics(program, source).map(({ messageText, start }) => {
        const inside = source?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0
        return `${file}:${line + inside} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
      })
    })
    expect(problems).toEqual([])
  })
})

describe('the reader of examples', () => {
  const snippet = (code: string): Snippet => ({ file: 'page.md', line: 10, info: '', code })

  it('finds fences, indented ones and docstrings', () => {
    expect(fences('page.md', 'a\n\n```ts\n1\n```\n- b\n  ```ts twoslash\n  2\n    3\n  ```\n```js\n4\n```')).toEqual([
      { file: 'page.md', line: 4, info: '', code: '1' },
      { file: 'page.md', line: 8, info: 'twoslash', code: '2\n  3' },
    ])
    const source =
      '\n/**\n * Sum.\n *\n * @example\n * ```ts\n * 1 + 1 // => 2\n * ```\n * @returns\n * ```ts\n * no\n * ```\n */'
    expect(docstringFences('sum.ts', source)).toEqual([{ file: 'sum.ts', line: 7, info: '', code: '1 + 1 // => 2' }])
    expect(() => fences('page.md', '```ts\n1')).toThrow('page.md:1: the fence is never closed')
  })

  it('turns every claim into a check', () => {
    const { js, claims } = toModule(snippet('const x: number = 1\nx + 1 // => 2\n\nx // => {\n//   a: 1,\n// }\n'))
    expect(claims).toBe(2)
    expect(js).toContain('__claim(11, (x + 1), (2))')
    expect(js).toMatch(/__claim\(13, \(x\), \(\{\s*a: 1,?\s*\}\)\)/)
  })

  it('refuses a claim that it would not check', () => {
    expect(() => toModule(snippet('const x = 1 // => 1'))).toThrow('page.md:10: the claim follows no expression')
    expect(() => toModule(snippet('f([\n  1, // => 1\n])'))).toThrow('not at the end of a statement')
    expect(() => toModule(snippet('1 +'))).toThrow('page.md:10')
  })

  it('compares what a reader sees', () => {
    const matrix = { shape: [2, 1], stride: [1, 1], offset: 0, data: [1, 2], get: (row: number) => row + 0.1 + 0.2 }
    expect(plain({ a: Float32Array.of(0.5), b: [0.1 + 0.2], f: () => 1, m: matrix, z: -0 })).toEqual({
      a: [0.5],
      b: [0.3],
      m: [[0.3], [1.3]],
      z: 0,
    })
  })
})
