import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { setting } from './config.ts';

/** The plain client: reading facts by the million, what costs most is to unwrap items that nobody asked for. */
export const activity = new DynamoDBClient({});

export const activityTable = (): string => setting('ACTIVITY_TABLE');
