import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from './listen.ts';

export type Serve = (message: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface FrontDoor {
  /** Such as `http://localhost:3000`. */
  readonly url: string;
  /** From now on requests are served; before, they are answered 503, as a gateway without its functions does. */
  readonly open: (serve: Serve) => void;
  readonly close: () => Promise<void>;
}

const notReady: Serve = async (_, response) => {
  response.writeHead(503, { 'content-type': 'application/json' }).end('{"message":"Service Unavailable"}');
};

/** Takes the main port at once, so that a port in use is told before anything else is started. */
export const startFrontDoor = async (port: number): Promise<FrontDoor> => {
  let serve = notReady;
  const server = createServer((message, response) => {
    serve(message, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  const taken = await listen(server, port).catch((error: NodeJS.ErrnoException) => {
    const words = `Port ${port} is in use: stop what listens there, or choose another with --port.`;
    throw error.code === 'EADDRINUSE' ? new Error(words) : error;
  });
  return {
    url: `http://localhost:${taken}`,
    open: (served) => {
      serve = served;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // What is being answered may finish; what only waits for a next request does not.
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 2000).unref();
      }),
  };
};
