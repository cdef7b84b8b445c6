import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type Code, Function as Lambda, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { environmentOf } from './environment.ts';
import { type FunctionName, type FunctionRow, functions } from './functions.ts';
import { permissions, reachedKeys } from './permissions.ts';
import { statementsOf } from './statements.ts';
import type { Surroundings } from './surroundings.ts';

export interface ServiceFunctionsProps {
  readonly codeOf: (name: FunctionName) => Code;
  readonly around: Surroundings;
}

/** Every function of the system: each with a role of its own that can do what permissions.ts says, and write its own log. */
export class ServiceFunctions extends Construct {
  readonly #made: ReadonlyMap<FunctionName, Lambda>;

  constructor(scope: Construct, id: string, props: ServiceFunctionsProps) {
    super(scope, id);
    this.#made = new Map(functions.map((row) => [row.name, this.#make(row, props)]));
  }

  named(name: FunctionName): Lambda {
    const made = this.#made.get(name);
    if (!made) throw new Error(`There is no function ${name}.`);
    return made;
  }

  #make(row: FunctionRow, { codeOf, around }: ServiceFunctionsProps): Lambda {
    const place = new Construct(this, row.name);
    const logGroup = new LogGroup(place, 'Log', { retention: RetentionDays.THREE_MONTHS });
    const role = new Role(place, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    for (const statement of statementsOf(permissions[row.name], around, reachedKeys[row.name]))
      role.addToPolicy(statement);
    return new Lambda(place, 'Function', {
      description: `Tandem: ${row.entry}`,
      code: codeOf(row.name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: row.memoryMb,
      timeout: Duration.seconds(row.timeoutSeconds),
      environment: environmentOf(row.name, around),
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role,
    });
  }
}
