import { randomUUID } from 'node:crypto';
import { IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { makeHandlerIdempotent } from '@aws-lambda-powertools/idempotency/middleware';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';

/**
 * A registration of a deal as AWS's own guides would have it built: one middleware for each concern, an idempotency record beside the
 * data, and the writes one after another. It does less than ours (no history, no rules of a program, no transaction) in six calls:
 * two of the idempotency record, the partner, the lock, the deal, the partner's count.
 */
const TableName = process.env.PROGRAM_TABLE ?? '';
const logger = new Logger({ serviceName: 'usual' });
const metrics = new Metrics({ namespace: 'usual', serviceName: 'usual' });
const tracer = new Tracer({ serviceName: 'usual' });
const documents = DynamoDBDocumentClient.from(tracer.captureAWSv3Client(new DynamoDBClient({})), {
  marshallOptions: { removeUndefinedValues: true },
});
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: TableName, keyAttr: 'pk', sortKeyAttr: 'sk' });

const Registration = z.strictObject({
  customer: z.strictObject({
    companyName: z.string().trim().min(1).max(200),
    websiteUrl: z.string().max(2000),
    countryCode: z.string().length(2),
  }),
  productLine: z.string().max(64),
  dealType: z.enum(['new', 'expansion', 'renewal']),
  value: z.strictObject({ amountMinor: z.int().min(0), currency: z.string().length(3) }),
  expectedCloseDate: z.iso.date(),
  contacts: z.array(z.strictObject({ firstName: z.string(), lastName: z.string(), email: z.email() })).min(1),
  sourceNotes: z.string().max(2000),
});

const register = async (event: APIGatewayProxyEventV2) => {
  const registration = Registration.parse(JSON.parse(event.body ?? ''));
  const domain = new URL(registration.customer.websiteUrl).hostname;
  // The test's events carry the caller as ours do.
  const { partnerId } = JSON.parse(
    (event as unknown as { requestContext: { authorizer: { lambda: { caller: string } } } }).requestContext.authorizer
      .lambda.caller,
  );
  const { Item: gate } = await documents.send(new GetCommand({ TableName, Key: { pk: partnerId, sk: 'gate' } }));
  if (gate?.status !== 'active') return { statusCode: 409, body: '{"code":"partner.not_active"}' };
  const id = `deal_${randomUUID()}`;
  const deal = { id, partnerId, status: 'submitted', ...registration };
  try {
    await documents.send(
      new PutCommand({
        TableName,
        Item: { pk: `lock#${domain}`, sk: 'lock', dealId: id },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { statusCode: 409, body: '{"code":"deal.conflict"}' };
  }
  await documents.send(new PutCommand({ TableName, Item: { pk: id, sk: 'deal', ...deal } }));
  await documents.send(
    new UpdateCommand({
      TableName,
      Key: { pk: partnerId, sk: 'gate' },
      UpdateExpression: 'ADD openDeals :one',
      ExpressionAttributeValues: { ':one': 1 },
    }),
  );
  logger.info('deal registered', { dealId: id });
  metrics.addMetric('dealRegistered', MetricUnit.Count, 1);
  return { statusCode: 201, headers: { 'content-type': 'application/json' }, body: JSON.stringify(deal) };
};

export const handler = middy<APIGatewayProxyEventV2>()
  .use(captureLambdaHandler(tracer))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .use(
    makeHandlerIdempotent({
      persistenceStore,
      config: new IdempotencyConfig({ eventKeyJmesPath: 'headers."idempotency-key"' }),
    }),
  )
  .handler(register);
