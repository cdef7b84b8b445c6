export interface Progress {
  /** Something to remember: stays on the screen. */
  readonly note: (line: string) => void;
  /** Where it stands: overwritten by the next on a terminal, and rare in a log. */
  readonly tick: (line: string) => void;
}

const logPauseMs = 5_000;
const clearLine = '\r\u001b[2K';

/** Progress on standard error, so that standard output holds the report alone. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  if (stream.isTTY) {
    return {
      note: (line) => void stream.write(`${clearLine}${line}\n`),
      tick: (line) => void stream.write(`${clearLine}${line}`),
    };
  }
  let lastMs = Number.NEGATIVE_INFINITY;
  return {
    note: (line) => void stream.write(`${line}\n`),
    tick: (line) => {
      if (performance.now() - lastMs < logPauseMs) return;
      lastMs = performance.now();
      stream.write(`${line}\n`);
    },
  };
}
