import { Aws, CfnOutput, Duration } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { routes } from '#functions/routes.ts';
import { type AccessRow, access, type Operation } from '#shared/core/access.ts';
import { doors } from './functions.ts';
import type { ServiceFunctions } from './service-functions.ts';
import type { Stage } from './stages.ts';

/** What strangers can call, or what could be used to find out who holds a customer, is slower than the rest. */
const slowOperations: readonly Operation[] = ['apply-partner', 'resubmit-application', 'check-deal'];
const slow = { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 };

/** Enough to follow a request into the functions' logs; no address, no path with its ids, no token. */
const accessLogLine = {
  requestId: '$context.requestId',
  routeKey: '$context.routeKey',
  status: '$context.status',
  errorType: '$context.error.responseType',
  authorizerStatus: '$context.authorizer.status',
  latencyMs: '$context.responseLatency',
  lengthBytes: '$context.responseLength',
};

const isForAnyone = (operation: Operation): boolean => {
  const row: AccessRow = access[operation];
  return row.anyone === true;
};

/** Open to anyone, but staff may do more there: a company whose partnership was terminated applies through them only. */
const heedsCaller = (operation: Operation): boolean => operation === 'apply-partner';

export interface ApiProps {
  readonly stage: Stage;
  readonly functions: ServiceFunctions;
}

/** The routes of routes.ts, each to its door, behind the authorizer unless the access table opens it to anyone. */
export class Api extends Construct {
  readonly http: HttpApi;

  constructor(scope: Construct, id: string, { stage, functions }: ApiProps) {
    super(scope, id);
    this.http = new HttpApi(this, 'Http', { apiName: `Tandem-${stage.name}`, createDefaultStage: false });
    const signedIn = new HttpLambdaAuthorizer('Authorizer', functions.named('authorizer'), {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Authorization'],
      resultsCacheTtl: Duration.seconds(60),
    });
    // Without an identity source the gateway asks whether or not there is a token, and keeps no answer.
    const maybeSignedIn = new HttpLambdaAuthorizer('AuthorizerOfAnyone', functions.named('authorizer'), {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: [],
      resultsCacheTtl: Duration.seconds(0),
    });
    const anyone = new HttpNoneAuthorizer();
    const authorizerOf = (operation: Operation) => {
      if (!isForAnyone(operation)) return signedIn;
      return heedsCaller(operation) ? maybeSignedIn : anyone;
    };
    const integrations = new Map(
      doors.map((door) => [
        door,
        new HttpLambdaIntegration(`Door-${door}`, functions.named(door), { scopePermissionToRoute: false }),
      ]),
    );
    const added = routes.flatMap(({ operation, method, path, door }) => {
      const integration = integrations.get(door);
      if (!integration) throw new Error(`The route ${operation} has no door.`);
      return this.http.addRoutes({
        path,
        methods: [HttpMethod[method]],
        integration,
        authorizer: authorizerOf(operation),
      });
    });
    this.#stage(this.http, stage).node.addDependency(...added);
    const domain = `${this.http.apiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`;
    // `npm run deploy` hands it to the distribution under this name.
    new CfnOutput(this, 'Domain', { value: domain }).overrideLogicalId('ApiDomain');
  }

  #stage(api: HttpApi, stage: Stage): HttpStage {
    const log = new LogGroup(this, 'AccessLog', { retention: RetentionDays.THREE_MONTHS });
    const made = new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: stage.requestsPerSecond, burstLimit: stage.requestBurst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(accessLogLine)),
      },
    });
    // The stage's default child is the CloudFormation resource; the construct has no word for single routes.
    const resource = made.node.defaultChild as CfnStage;
    resource.routeSettings = Object.fromEntries(
      routes
        .filter((route) => slowOperations.includes(route.operation))
        .map((route) => [`${route.method} ${route.path}`, slow]),
    );
    return made;
  }
}
