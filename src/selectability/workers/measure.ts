/** The margins of selectable keys as a task: blocks of them, none of which needs to know of another. */
import type { KeySet } from '../keyset.ts'
import { createMeter } from '../margin/whole.ts'
import type { BlockTask } from './task.ts'

export interface MeasureSetup {
  readonly keys: KeySet
  readonly selectable: Int32Array
}

export function openMeasure({ keys, selectable }: MeasureSetup): BlockTask {
  const meter = createMeter(keys, selectable)
  return {
    ready: null,
    hear: () => undefined,
    close: meter.close,
    run: ({ from, to }) => meter.measure(selectable.subarray(from, to)),
  }
}
