import { here } from './world.ts';

/** What a history's handlers log goes into its recording instead of the terminal. */
export const captureLogs = (): void => {
  for (const stream of [process.stdout, process.stderr]) {
    const real = stream.write.bind(stream);
    const write = (text: string | Uint8Array, ...rest: []): boolean => {
      const place = here.getStore();
      if (!place) return real(text, ...rest);
      place.world.logs.push({ label: place.invocation.label, text: String(text) });
      return true;
    };
    // Encoding and callback are passed on as they came.
    stream.write = write as typeof stream.write;
  }
};
