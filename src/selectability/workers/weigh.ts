/** The attainable weights of a set as a task: blocks of keys, none of which needs to know of another. */
import { attainableWeightOf } from '../attainable/index.ts'
import type { Question } from '../attainable/index.ts'
import type { KeySet } from '../keyset.ts'
import type { BlockTask } from './task.ts'

export interface WeighSetup {
  readonly keys: KeySet
  readonly asked: Question
}

export function openWeigh({ keys, asked }: WeighSetup): BlockTask {
  return {
    ready: null,
    hear: () => undefined,
    close: () => undefined,
    run: ({ from, to }) =>
      Float64Array.from({ length: to - from }, (_, at) => attainableWeightOf(keys, from + at, asked).weight),
  }
}
