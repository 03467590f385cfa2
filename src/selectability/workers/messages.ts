/** What the calling thread and a worker say to one another. Orders are answered in the order in which they came, but for news and the close. */
import type { BackendState } from '../../kernels/backend.ts'
import type { TaskName } from './task.ts'

export type Order =
  | { readonly kind: 'open'; readonly task: TaskName; readonly backend: BackendState; readonly setup: unknown }
  | { readonly kind: 'hear'; readonly news: unknown }
  | { readonly kind: 'run'; readonly job: unknown }
  | { readonly kind: 'close' }

export type Answer =
  { readonly kind: 'done'; readonly value: unknown } | { readonly kind: 'failed'; readonly error: Error }

/** The buffers of the typed arrays in a value, to be handed over rather than copied; shared memory is neither. */
export function buffersOf(value: unknown, found: Set<ArrayBuffer> = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer)
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) buffersOf(part, found)
  }
  return found
}
