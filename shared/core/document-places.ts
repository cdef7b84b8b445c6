/**
 * Where files lie, by what their keys begin with. What somebody uploads is in quarantine until a worker has read it: it copies what
 * is what it says it is to the kept ones, where nobody else can write, and the rest goes by itself after a day.
 */
export const documentPlaces = { quarantine: 'quarantine/', kept: 'kept/' } as const;
