/** What the distribution says to the API of each request, whatever its caller wrote there: that it came by it, and from which address. */
export const originHeaders = { secret: 'x-tandem-origin', viewer: 'x-tandem-viewer' } as const;
