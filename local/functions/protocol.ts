import type { Statement } from './policy.ts';

/** What a worker thread gets when it starts. */
export interface WorkerSetup {
  readonly functionName: string;
  readonly functionArn: string;
  readonly moduleUrl: string;
  readonly exportName: string;
  readonly memoryMb: number;
  /** What the function's role may do. */
  readonly statements: readonly Statement[];
  /** Two Int32: how many AWS calls until the process ends (0: never), and whether before (0) or after (1) that call. */
  readonly crash: SharedArrayBuffer;
}

/** One invocation. Events and results travel as JSON, as they do to and from Lambda. */
export interface Question {
  readonly id: number;
  /** Absent: only load the code. */
  readonly event?: string;
  readonly requestId: string;
  /** Machine time in milliseconds. */
  readonly deadline: number;
}

export interface Failure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

export interface Answer {
  readonly id: number;
  readonly result?: string;
  readonly failure?: Failure | undefined;
}
