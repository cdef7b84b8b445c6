import type { AddressInfo, Server } from 'node:net';

/** Lets a server listen on 127.0.0.1 and answers its port; 0 takes a free one. Rejects when the port is taken. */
export const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      // A server that listens on a port, not on a pipe, has an address with a port.
      resolve((server.address() as AddressInfo).port);
    });
  });
