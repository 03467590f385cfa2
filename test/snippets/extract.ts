/** Finds the examples of the documentation: every TypeScript fence of a page, and those under `@example` in docstrings. */
import ts from 'typescript'

export interface Snippet {
  /** Path of the page or source file, from the repository's root. */
  readonly file: string
  /** Line of the first line of code, from 1. */
  readonly line: number
  /** What follows `ts` on the opening fence. */
  readonly info: string
  readonly code: string
}

const opening = /^(\s*)(`{3,}|~{3,})\s*(?:ts|typescript)\b[ \t]*(.*)$/

/** The TypeScript fences of a page, wherever they are indented. */
export function fences(file: string, markdown: string, firstLine = 1): Snippet[] {
  const snippets: Snippet[] = []
  const lines = markdown.split(/\r?\n/)
  for (let at = 0; at < lines.length; at++) {
    const [, indent = '', mark = '', info = ''] = opening.exec(lines[at] ?? '') ?? []
    if (mark === '') continue
    const start = at + 1
    do at++
    while (at < lines.length && lines[at]?.trim() !== mark)
    if (at === lines.length) throw new Error(`${file}:${firstLine + start - 1}: the fence is never closed`)
    const code = lines
      .slice(start, at)
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()))
    snippets.push({ file, line: firstLine + start, info: info.trim(), code: code.join('\n') })
  }
  return snippets
}

/** The TypeScript fences under `@example` in the docstrings of a source file. */
export function docstringFences(file: string, source: string): Snippet[] {
  const snippets: Snippet[] = []
  for (const comment of source.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    const lines = comment[0].split(/\r?\n/).map((line) => line.replace(/^\s*\*? ?/, ''))
    const line = source.slice(0, comment.index).split('\n').length
    let inside = false
    const examples = lines.map((text) => {
      const tag = /^@(\w+)/.exec(text)?.[1]
      if (tag !== undefined) inside = tag === 'example'
      return inside ? text : ''
    })
    snippets.push(...fences(file, examples.join('\n'), line))
  }
  return snippets
}

const claim = /\/\/ => (.*)$/

/**
 * A module that runs a snippet and returns the claims that it makes: a statement `expression // => value` is replaced by
 * a call that records both sides. A claim may go on over the comment lines that follow it.
 *
 * @throws when a `// =>` follows what is no expression, for such a claim would never be checked.
 */
export function toModule({ file, line, code }: Snippet): { js: string; claims: number } {
  const source = ts.createSourceFile('snippet.ts', code, ts.ScriptTarget.ES2022, true)
  let out = ''
  let copied = 0
  let claims = 0
  for (const statement of source.statements) {
    const rest = code.slice(statement.end)
    const [comment] = /^;?[ \t]*\/\/ => .*(?:\n[ \t]*\/\/(?! =>).*)*/.exec(rest) ?? []
    if (comment === undefined) continue
    const where = line + code.slice(0, statement.end).split('\n').length - 1
    if (!ts.isExpressionStatement(statement)) throw new Error(`${file}:${where}: the claim follows no expression`)
    const value = comment.replace(/^;?[ \t]*\/\/ => /, '').replace(/\n[ \t]*\/\//g, '\n')
    const expression = statement.expression.getText(source)
    out += code.slice(copied, statement.getStart(source))
    out += `__claim(${where}, (${expression}), (\n${value}\n));`
    copied = statement.end + comment.length
    claims++
  }
  out += code.slice(copied)
  const unread = out.split('\n').findIndex((text) => claim.test(text))
  if (unread >= 0) throw new Error(`${file}: a claim is not at the end of a statement: ${out.split('\n')[unread]}`)
  const { outputText, diagnostics } = ts.transpileModule(
    `import { claim as __claim } from '../../snippets/claim.ts'\n${out}`,
    {
      reportDiagnostics: true,
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
    },
  )
  const problem = diagnostics?.[0]
  if (problem) throw new Error(`${file}:${line}: ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}`)
  return { js: outputText, claims }
}
