import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

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
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} is in use: stop what listens there, or choose another with --port.`;
      reject(error.code === 'EADDRINUSE' ? new Error(taken) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
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
