/** What a worker is made of: worker_threads in Node, Web Workers everywhere else. Types of neither are needed by the library's own. */

/** One thread. */
export interface Thread {
  post(message: unknown): void
  /** Ends the thread, whatever it is doing; settled when it has ended. */
  end(): Promise<void>
  /** Whether the process waits for the thread; absent where that cannot be told. */
  readonly hold?: (held: boolean) => void
}

export interface Listener {
  /** The thread has sent something. */
  readonly message: (data: unknown) => void
  /** The thread has ended by itself, or cannot go on. */
  readonly death: (reason: Error) => void
  /** The environment lets no thread start, or at least not from embedded code. */
  readonly blocked: () => void
}

interface NodeWorker {
  on(event: 'message' | 'messageerror' | 'error' | 'exit', listener: (value: unknown) => void): void
  postMessage(message: unknown): void
  terminate(): Promise<number>
  ref(): void
  unref(): void
}
interface WorkerThreads {
  readonly Worker: new (code: string, options: object) => NodeWorker
}
interface WebWorker {
  onmessage: ((event: { readonly data: unknown }) => void) | null
  onmessageerror: (() => void) | null
  onerror: ((event: { readonly message?: string; preventDefault?(): void }) => void) | null
  postMessage(message: unknown): void
  terminate(): void
}
interface Globals {
  readonly Worker?: new (url: string, options: object) => WebWorker
  readonly Blob?: new (parts: readonly string[], options: object) => object
  readonly URL: { createObjectURL(blob: object): string; revokeObjectURL(url: string): void }
  readonly SharedArrayBuffer?: new (bytes: number) => ArrayBufferLike
  readonly crossOriginIsolated?: boolean
  readonly navigator?: { readonly hardwareConcurrency?: number }
  readonly process?: { getBuiltinModule?(name: string): unknown }
  setTimeout(run: () => void, milliseconds: number): unknown
  clearTimeout(timer: unknown): void
}

const globals = globalThis as unknown as Globals

/** By name at run time, so that no bundler looks for what browsers have not. */
function builtin(name: string): unknown {
  return globals.process?.getBuiltinModule?.(name)
}

/** Starts a thread that runs a program. */
export function startThread(code: string, listener: Listener): Thread {
  try {
    if (globals.Worker !== undefined && globals.Blob !== undefined) return startWebWorker(code, listener)
    const threads = builtin('node:worker_threads') as WorkerThreads | undefined
    if (threads !== undefined) return startNodeWorker(threads, code, listener)
  } catch {
    // A policy forbids it: a SecurityError in browsers, ERR_ACCESS_DENIED in Node.
  }
  listener.blocked()
  return { post: () => undefined, end: () => Promise.resolve() }
}

function startNodeWorker({ Worker }: WorkerThreads, code: string, listener: Listener): Thread {
  // Flags of the process, such as loaders, are of no use to the program, and cost time.
  const worker = new Worker(code, { eval: true, execArgv: [], name: 'selectability' })
  worker.on('message', listener.message)
  worker.on('messageerror', (error) => listener.death(errorOf(error)))
  worker.on('error', (error) => listener.death(errorOf(error)))
  worker.on('exit', (exitCode) => listener.death(new Error(`worker: expected to go on, ended with code ${exitCode}`)))
  return {
    post: (message) => worker.postMessage(message),
    end: async () => {
      await worker.terminate()
    },
    hold: (held) => (held ? worker.ref() : worker.unref()),
  }
}

function startWebWorker(code: string, listener: Listener): Thread {
  const { Worker, Blob, URL } = globals as Required<Globals>
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
  let alive = false
  // A module, since Deno has no other workers.
  const worker = new Worker(url, { type: 'module', name: 'selectability' })
  worker.onmessage = ({ data }) => {
    alive = true
    listener.message(data)
  }
  worker.onmessageerror = () => listener.death(new Error('worker: a message could not be read'))
  worker.onerror = (event) => {
    event.preventDefault?.()
    // What a Content Security Policy forbids fails before it runs, and without a message.
    if (!alive && !event.message) listener.blocked()
    else listener.death(new Error(`worker: ${event.message ?? 'ended'}`))
  }
  return {
    post: (message) => worker.postMessage(message),
    end: () => {
      worker.terminate()
      URL.revokeObjectURL(url)
      return Promise.resolve()
    },
  }
}

function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(`worker: ${String(error)}`)
}

/** Threads that run at the same time on this machine. */
export function availableThreads(): number {
  const os = builtin('node:os') as { availableParallelism?(): number } | undefined
  return Math.max(1, os?.availableParallelism?.() ?? globals.navigator?.hardwareConcurrency ?? 1)
}

/** `length` zeros that all threads can see; null where memory may not be shared. */
export function sharedNumbers(length: number): Float64Array | null {
  const { SharedArrayBuffer, crossOriginIsolated } = globals
  if (SharedArrayBuffer === undefined || crossOriginIsolated === false) return null
  return new Float64Array(new SharedArrayBuffer(8 * length))
}

/** Runs something once, unless it is called off with what is returned; the process does not wait for it. */
export function later(run: () => void, milliseconds: number): () => void {
  const timer = globals.setTimeout(run, milliseconds) as { unref?(): void }
  timer.unref?.()
  return () => globals.clearTimeout(timer)
}

/** Lets everything else that waits on this thread have its turn. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => globals.setTimeout(resolve, 0))
}
