import { config } from 'zod/v4/core';

// zod writes a function for each schema at its first use and compiles it: work that pays after hundreds of requests, and that every
// cold start would do again. This file is put before everything else in a bundle, because a schema asks when it is made.
config({ jitless: true });
