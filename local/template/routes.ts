import * as z from 'zod';
import type { CloudResource } from './cloud.ts';
import type { AuthorizerDescription, RouteDescription } from './system.ts';

const Route = z.looseObject({
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.string().default('NONE'),
  AuthorizerId: z.string().optional(),
});
const Integration = z.looseObject({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
});
const Authorizer = z.looseObject({
  AuthorizerType: z.literal('REQUEST'),
  AuthorizerUri: z.string(),
  AuthorizerPayloadFormatVersion: z.literal('2.0'),
  EnableSimpleResponses: z.literal(true),
  IdentitySource: z.array(z.string()).default([]),
  AuthorizerResultTtlInSeconds: z.coerce.number().default(300),
});

/** Both a function's own ARN and the invocation URI that API Gateway wraps around it hold this. */
const functionArn = (uri: string): string => {
  const [arn] = /arn:aws:lambda:[^:/]+:[^:/]+:function:[\w-]+/.exec(uri) ?? [];
  if (arn === undefined) throw new Error(`The laptop serves routes by Lambda functions only, not by ${uri}.`);
  return arn;
};

const headerOf = (identitySource: string): string => {
  const prefix = '$request.header.';
  if (!identitySource.startsWith(prefix))
    throw new Error(`The laptop does not know the identity source ${identitySource}.`);
  return identitySource.slice(prefix.length).toLowerCase();
};

const readAuthorizer = ({ properties }: CloudResource): AuthorizerDescription => {
  const { AuthorizerUri, IdentitySource, AuthorizerResultTtlInSeconds } = Authorizer.parse(properties);
  return {
    functionArn: functionArn(AuthorizerUri),
    identityHeaders: IdentitySource.map(headerOf),
    cacheSeconds: AuthorizerResultTtlInSeconds,
  };
};

export const readRoutes = (all: (type: string) => readonly CloudResource[]): readonly RouteDescription[] => {
  const integrations = new Map(all('AWS::ApiGatewayV2::Integration').map((each) => [each.ref, each]));
  const authorizers = new Map(
    all('AWS::ApiGatewayV2::Authorizer').map((each) => [each.ref, readAuthorizer(each)] as const),
  );
  return all('AWS::ApiGatewayV2::Route').map(({ logicalId, properties }) => {
    const route = Route.parse(properties);
    const integration = integrations.get(route.Target.replace('integrations/', ''));
    if (!integration) throw new Error(`The route ${logicalId} leads to ${route.Target}, which is not in the template.`);
    const authorizer = authorizers.get(route.AuthorizerId ?? '');
    if (route.AuthorizationType !== 'NONE' && !authorizer) {
      throw new Error(`The laptop does not know how ${logicalId} is authorized (${route.AuthorizationType}).`);
    }
    const [method = '$default', path = '$default'] = route.RouteKey.split(' ');
    const target = functionArn(Integration.parse(integration.properties).IntegrationUri);
    return { method, path, functionArn: target, ...(authorizer && { authorizer }) };
  });
};
