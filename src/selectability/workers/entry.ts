/** The program of a worker: it carries out orders, one after another. tools/generated.mjs makes it one string. */
import { adoptBackend } from '../../kernels/backend.ts'
import { buffersOf } from './messages.ts'
import type { Answer, Order } from './messages.ts'
import type { OpenTask } from './task.ts'
import { openTask } from './tasks.ts'

interface Port {
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void
}
/** A web worker's global object, or that of Node, whose workers have a port of their own. */
interface Globals extends Port {
  onmessage: ((event: { readonly data: unknown }) => void) | null
  readonly process?: {
    getBuiltinModule(name: 'node:worker_threads'): {
      readonly parentPort: Port & { on(name: 'message', listener: (message: unknown) => void): void }
    }
  }
}

const scope = globalThis as unknown as Globals
let task: OpenTask<unknown, unknown, unknown, unknown> | null = null

function carryOut(order: Order): unknown {
  if (order.kind === 'open') {
    adoptBackend(order.backend)
    task = openTask(order.task, order.setup)
    return task.ready
  }
  if (order.kind === 'close') {
    // Where the first worker had all there was to do, the others were never opened.
    task?.close()
    task = null
    return null
  }
  if (task === null) throw new Error(`worker: expected to be opened first, got ${order.kind}`)
  if (order.kind === 'run') return task.run(order.job)
  task.hear(order.news)
  return null
}

function answer(port: Port, order: Order): void {
  let reply: Answer
  try {
    reply = { kind: 'done', value: carryOut(order) }
  } catch (error) {
    reply = { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) }
  }
  const isAnswered = order.kind === 'open' || order.kind === 'run'
  if (isAnswered || reply.kind === 'failed') port.postMessage(reply, [...buffersOf(reply)])
}

if (typeof scope.postMessage === 'function') scope.onmessage = ({ data }) => answer(scope, data as Order)
else {
  const port = scope.process?.getBuiltinModule('node:worker_threads').parentPort
  port?.on('message', (order) => answer(port, order as Order))
}
