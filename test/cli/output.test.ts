/** Files appear whole or not at all, pipes may close, and the progress bar keeps to terminals. */
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { CommanderError } from 'commander'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { colours } from '../../src/cli/colour.ts'
import { fail, isAnswer, oneLine } from '../../src/cli/errors.ts'
import { locate } from '../../src/cli/locate.ts'
import { checkWritable, print, writeFileAtomically } from '../../src/cli/output.ts'
import { startProgress, written } from '../../src/cli/progress.ts'
import { enumerate, share, sizes } from '../../src/cli/table.ts'
import { workspace } from './run.ts'
import type { Workspace } from './run.ts'

let files: Workspace
beforeEach(() => (files = workspace()))
afterEach(() => files.remove())

function* failing(): Generator<string> {
  for (let line = 0; line < 20_000; line++) yield `line ${line}`
  throw new Error('half-way')
}

describe('writeFileAtomically', () => {
  it('writes lines, and nothing beside them', async () => {
    const lines = Array.from({ length: 20_000 }, (_, line) => `line ${line}`)
    await writeFileAtomically(join(files.path, 'a'), lines)
    expect(readFileSync(join(files.path, 'a'), 'utf8')).toBe(`${lines.join('\n')}\n`)
    expect(files.files()).toEqual(['a'])
  })

  it('leaves nothing behind on failure', async () => {
    await expect(writeFileAtomically(join(files.path, 'a'), failing())).rejects.toThrow(/^half-way$/u)
    expect(files.files()).toEqual([])
  })

  it('leaves the old file as it was on failure', async () => {
    files.write('a', 'old')
    await expect(writeFileAtomically(join(files.path, 'a'), failing())).rejects.toThrow('half-way')
    expect(files.files()).toEqual(['a'])
    expect(readFileSync(join(files.path, 'a'), 'utf8')).toBe('old')
  })

  it('replaces a file and keeps its mode', async () => {
    files.write('a', 'old')
    chmodSync(join(files.path, 'a'), 0o600)
    await writeFileAtomically(join(files.path, 'a'), ['new'])
    expect(readFileSync(join(files.path, 'a'), 'utf8')).toBe('new\n')
    expect(statSync(join(files.path, 'a')).mode & 0o777).toBe(0o600)
  })

  it('keeps a mode that the umask would take away', async () => {
    files.write('a', 'old')
    chmodSync(join(files.path, 'a'), 0o666)
    await writeFileAtomically(join(files.path, 'a'), ['new'])
    expect(statSync(join(files.path, 'a')).mode & 0o777).toBe(0o666)
  })

  it.each([
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const)('removes the temporary file on %s, and stops hearing it afterwards', async (signal, code) => {
    const before = process.listeners(signal)
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
      throw new Error('exited')
    })
    const interrupted = function* (): Generator<string> {
      yield 'x'.repeat(1 << 17)
      expect(files.files()).toEqual([expect.stringMatching(/^\.selectability-.*\.tmp$/u)])
      const listeners = process.listeners(signal) as ((signal: NodeJS.Signals, code: number) => void)[]
      for (const listener of listeners.slice(before.length)) listener(signal, code)
    }
    try {
      await expect(writeFileAtomically(join(files.path, 'a'), interrupted())).rejects.toThrow('exited')
      expect(exit).toHaveBeenCalledExactlyOnceWith(128 + code)
    } finally {
      exit.mockRestore()
    }
    expect(files.files()).toEqual([])
    expect(process.listeners(signal)).toEqual(before)
  })

  it('writes through a link', async () => {
    files.write('a', 'old')
    symlinkSync('a', join(files.path, 'link'))
    await writeFileAtomically(join(files.path, 'link'), ['new'])
    expect(readFileSync(join(files.path, 'a'), 'utf8')).toBe('new\n')
    expect(files.files()).toEqual(['a', 'link'])
  })

  it('writes to a device, and leaves it one', async () => {
    await writeFileAtomically('/dev/null', ['gone'])
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
  })

  it('says beforehand that a directory cannot be written, or one that is missing', async () => {
    mkdirSync(join(files.path, 'd'))
    await expect(checkWritable(join(files.path, 'd'))).rejects.toThrow(/d: is a directory$/u)
    await expect(checkWritable(join(files.path, 'no', 'a'))).rejects.toThrow(/a: no such file or directory$/u)
    writeFileSync(join(files.path, 'f'), '')
    await expect(checkWritable(join(files.path, 'f', 'a'))).rejects.toThrow(/a: not a directory$/u)
    await checkWritable(join(files.path, 'fine'))
    chmodSync(join(files.path, 'f'), 0o400)
    // Nothing is denied to root.
    if (process.getuid?.() !== 0)
      await expect(checkWritable(join(files.path, 'f'))).rejects.toThrow(/permission denied$/u)
    expect(files.files()).toEqual(['d', 'f'])
  })
})

function brokenStream(code: string): Writable {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) })
  return stream.on('error', () => undefined)
}

describe('print', () => {
  it('prints every line', async () => {
    const stream = new PassThrough()
    const text = stream.setEncoding('utf8').toArray()
    await print(['a', 'b'], stream)
    stream.end()
    expect((await text).join('')).toBe('a\nb\n')
  })

  it('stops when the reader has gone, and passes on any other failure', async () => {
    let asked = 0
    const lines = function* (): Generator<string> {
      for (;;) yield 'x'.repeat(++asked)
    }
    await print(lines(), brokenStream('EPIPE'))
    expect(asked).toBeGreaterThan(0)
    await expect(print(['a'], brokenStream('ENOSPC'))).rejects.toThrow('stdout: no space left')
  })
})

describe('errors', () => {
  const report = (error: unknown): { code: number; text: string } => {
    let text = ''
    const code = fail(error, { write: (more: string) => (text += more) })
    return { code, text }
  }

  it('are one printable line and exit code 2', () => {
    const text = 'selectability: a b: c?[31md\n'
    expect(report(new Error('a\n b:\tc\u001b[31md\r\n'))).toEqual({ code: 2, text })
    expect(report('plain')).toEqual({ code: 2, text: 'selectability: plain\n' })
    expect(report(new Error(''))).toEqual({ code: 2, text: 'selectability: failed\n' })
    expect(oneLine('one\u0000two')).toBe('one?two')
  })

  it('cuts no character in two', () => {
    expect(oneLine(`a${'🙂'.repeat(200)}b`)).toBe(`a${'🙂'.repeat(79)}…${'🙂'.repeat(79)}b`)
  })

  it('are none where commander stops because it was asked for something', () => {
    expect(isAnswer(new CommanderError(0, 'commander.version', '0.0.0'))).toBe(true)
    expect(isAnswer(new CommanderError(1, 'commander.help', '(outputHelp)'))).toBe(false)
    expect(isAnswer(new Error('0'))).toBe(false)
  })

  it('keep both ends of a long message', () => {
    const { text } = report(new Error(`start ${'x'.repeat(1e6)} end`))
    expect(text).toMatch(/^selectability: start x+…x+ end\n$/u)
    expect(text.length).toBeLessThan(400)
  })

  it('keep their kind when they are located', () => {
    expect(locate('a', new TypeError('b'))).toEqual(new TypeError('a: b'))
    expect(locate('a', new RangeError('b'))).toEqual(new RangeError('a: b'))
    expect(locate('a', Object.assign(new Error('long'), { code: 'ENOENT' })).message).toBe(
      'a: no such file or directory',
    )
  })
})

describe('progress', () => {
  const watch = (
    isTTY: boolean,
    environment: NodeJS.ProcessEnv,
    columns = 80,
    delay = 0,
  ): { onProgress?: ((done: number, total: number) => void) | undefined; text: string } => {
    const stream = Object.assign(new PassThrough(), { isTTY, columns })
    const { onProgress, stop } = startProgress('checking', { stream, environment, delay })
    for (let done = 1; done <= 4; done++) onProgress?.(done, 4)
    stop()
    return { onProgress, text: String(stream.read() ?? '') }
  }

  it('keeps quiet off a terminal, on a dumb one, and when all is over at once', () => {
    expect(watch(false, {})).toEqual({ onProgress: undefined, text: '' })
    expect(watch(true, { TERM: 'dumb' })).toEqual({ onProgress: undefined, text: '' })
    expect(watch(true, {}, 80, 60_000).text).toBe('')
  })

  it('draws a bar on a terminal and clears it in the end', () => {
    const { text } = watch(true, {})
    expect(text).toMatch(/checking .*█.* 25% .*1\/4/u)
    expect(text).toContain('100%')
    expect(text.endsWith('\u001b[1G\u001b[2K')).toBe(true)
  })

  it('tells rate and time left of the phase alone, and neither at its start', () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80 })
    const { onProgress, stop } = startProgress('checking', { stream, environment: { NO_COLOR: '1' }, delay: 0 })
    const shown = (done: number, total: number, phase: string): string => {
      onProgress?.(done, total, phase)
      vi.advanceTimersByTime(1000)
      onProgress?.(done, total, phase)
      return String(stream.read() ?? '').replace(/\u001b\[0K$/u, '')
    }
    try {
      expect(shown(600, 1000, 'searching')).toMatch(/60% 600\/1000$/u)
      expect(shown(700, 1000, 'searching')).toMatch(/70% 700\/1000, 50\/s, 6s left$/u)
      expect(shown(1, 9000, 'measuring')).toMatch(/ 0% 1\/9000$/u)
      expect(shown(2, 9000, 'measuring')).toMatch(/0% 2\/9000, 0.5\/s, 4h59m left$/u)
      expect(shown(901, 9000, 'measuring')).toMatch(/10% 901\/9000, 300\/s, 27s left$/u)
    } finally {
      stop()
      vi.useRealTimers()
    }
  })

  it('counts the lines of a file while they are made', () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80 })
    const lines = written(['a', 'b', 'c', 'd'], 4, { stream, environment: {}, delay: 0 })
    expect([...lines]).toEqual(['a', 'b', 'c', 'd'])
    expect(String(stream.read() ?? '')).toMatch(/writing .* 25% .*1\/4/u)
  })

  it('never hides the cursor nor stops lines from wrapping, as Ctrl-C would leave it so', () => {
    expect(watch(true, {}).text).not.toContain('\u001b[?')
  })

  it('has colour, and none with NO_COLOR', () => {
    expect(watch(true, {}).text).toContain('\u001b[36m')
    expect(watch(true, { NO_COLOR: '' }).text).toContain('\u001b[36m')
    for (const code of [2, 36, 39, 22]) expect(watch(true, { NO_COLOR: '1' }).text).not.toContain(`\u001b[${code}m`)
  })

  it.each([0, 10, 60, 200])('takes a terminal of %i columns', (columns) => {
    expect(watch(true, { NO_COLOR: '1' }, columns).text).toContain('checking')
  })
})

describe('tables', () => {
  it.each([
    [0, 0, ''],
    [0, 3, '0.0%'],
    [3, 3, '100.0%'],
    [1, 3, '33.3%'],
    [1, 1e6, '0.1%'],
    [999_999, 1e6, '99.9%'],
  ])('say %i of %i as a share', (part, whole, words) => {
    expect(share(part, whole)).toBe(words)
  })

  it('name the first numbers of many', () => {
    expect(enumerate([7])).toBe('7')
    expect(enumerate([...Array(12).keys()])).toBe('0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more')
  })

  it('say what was asked about', () => {
    expect(sizes(1, 1, 0)).toBe('1 key in 1 dimension, exact')
    expect(sizes(2, 3, undefined)).toBe('2 keys in 3 dimensions, default tolerance')
    expect(sizes(2, 3, 1.5e-6)).toBe('2 keys in 3 dimensions, tolerance 1.50e-6')
    expect(sizes(2, 3, 0.0125)).toBe('2 keys in 3 dimensions, tolerance 0.0125')
    expect(sizes(2, 3, 8 * 2 ** -24 * 3e4)).toBe('2 keys in 3 dimensions, tolerance 1.43e-2')
  })
})

describe('colours', () => {
  it('are for terminals only', () => {
    expect(colours({}, {}).red('x')).toBe('x')
    expect(colours({ isTTY: true }, {}).red('x')).toBe('\u001b[31mx\u001b[39m')
    expect(colours({ isTTY: true }, { NO_COLOR: '1' }).red('x')).toBe('x')
    expect(colours({ isTTY: true }, { TERM: 'dumb' }).red('x')).toBe('x')
  })
})
