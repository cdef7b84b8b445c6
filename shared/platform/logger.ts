import { Logger } from '@aws-lambda-powertools/logger';

/** One structured line for each outcome, with ids; never personal data, tokens or bank details. */
export const log = new Logger({ serviceName: 'tandem' });
