import { CfnOutput, CfnParameter, SecretValue, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Construct } from 'constructs';
import { originHeaders } from '#shared/core/origin-headers.ts';
import { edgeRegion } from './edge-region.ts';
import { Firewall } from './firewall.ts';
import { originSecretName } from './origin-secret.ts';
import type { Stage } from './stages.ts';

/** In the dialect of CloudFront: the address of whoever calls, which the API would not see otherwise and nobody can make up. */
export const tellViewer = `function handler(event) {
  event.request.headers['${originHeaders.viewer}'] = { value: event.viewer.ip };
  return event.request;
}`;

/**
 * What the world sees: one address, with a firewall before it, in front of the API. Everything it needs to know is a name or a
 * parameter, so that it can be made without asking any region about another.
 */
export class EdgeStack extends Stack {
  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id, { env: { region: edgeRegion } });
    const apiDomain = new CfnParameter(this, 'ApiDomain', {
      description: 'The domain of the API, an output of the service stack.',
      allowedPattern: '[a-z0-9]+\\.execute-api\\.[a-z0-9-]+\\.amazonaws\\.com(\\.cn)?',
    });
    const distribution = new Distribution(this, 'Distribution', {
      // Changed with the secret, so that it is read again.
      comment: `Tandem ${stage.name}, secrets since ${stage.secretsSince}`,
      webAclId: new Firewall(this, 'Firewall', stage).arn,
      httpVersion: HttpVersion.HTTP2_AND_3,
      // Everything is the API's. When the portal comes, its files take this place, and the API gets /v1/*, /docs* and /openapi.json.
      defaultBehavior: this.#toApi(apiDomain.valueAsString, stage),
      ...(stage.certificateArn && {
        domainNames: [new URL(stage.portalUrl).hostname],
        certificate: Certificate.fromCertificateArn(this, 'Certificate', stage.certificateArn),
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      }),
    });
    new CfnOutput(this, 'Url', { value: `https://${distribution.domainName}` });
  }

  /** Nothing is kept and nothing packed: every answer depends on who asks, and its ETag on its bytes. */
  #toApi(domain: string, stage: Stage): BehaviorOptions {
    return {
      origin: new HttpOrigin(domain, {
        protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        originSslProtocols: [OriginSslPolicy.TLS_V1_2],
        customHeaders: {
          [originHeaders.secret]: SecretValue.secretsManager(originSecretName(stage), {
            jsonField: 'current',
          }).unsafeUnwrap(),
        },
      }),
      allowedMethods: AllowedMethods.ALLOW_ALL,
      // A request that came in the clear has shown its token already: it is refused, not led on.
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      compress: false,
      functionAssociations: [
        {
          eventType: FunctionEventType.VIEWER_REQUEST,
          function: new EdgeFunction(this, 'TellViewer', {
            code: FunctionCode.fromInline(tellViewer),
            runtime: FunctionRuntime.JS_2_0,
          }),
        },
      ],
    };
  }
}
