import { Aws, CfnCondition, Fn, RemovalPolicy } from 'aws-cdk-lib';
import { type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Stage } from './stages.ts';

/** By its name the distribution, which is in another region, finds its copy there. */
export const originSecretName = (stage: Stage): string => `Tandem-${stage.name}-Origin`;

/**
 * What the distribution shows and the API asks for. It holds two words, so that it can be renewed without refusing anybody: the API takes
 * both, the distribution shows the current one.
 */
export class OriginSecret extends Construct {
  /** Both words with a space between them, as a dynamic reference: no template ever holds them. */
  readonly accepted: string;

  constructor(scope: Construct, id: string, { stage, copyIn }: { readonly stage: Stage; readonly copyIn: string }) {
    super(scope, id);
    const secret = new Secret(this, 'Secret', {
      secretName: originSecretName(stage),
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ previous: 'none' }),
        generateStringKey: 'current',
        passwordLength: 64,
        excludePunctuation: true,
      },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const away = new CfnCondition(this, 'Away', {
      expression: Fn.conditionNot(Fn.conditionEquals(Aws.REGION, copyIn)),
    });
    // Where everything is in one region the secret is there already, and would not be copied onto itself.
    (secret.node.defaultChild as CfnSecret).replicaRegions = Fn.conditionIf(
      away.logicalId,
      [{ Region: copyIn }],
      Aws.NO_VALUE,
    );
    this.accepted = ['current', 'previous'].map((word) => secret.secretValueFromJson(word).unsafeUnwrap()).join(' ');
  }
}
