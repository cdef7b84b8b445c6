import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type Names, resolveValue } from './intrinsics.ts';

/** What every name on the laptop is made of; the same region stands in the functions' environment. */
export const region = 'eu-central-1';
export const account = '000000000000';

const Manifest = z.looseObject({
  artifacts: z.record(
    z.string(),
    z.looseObject({ type: z.string(), properties: z.looseObject({ templateFile: z.string().optional() }).optional() }),
  ),
});
const Resource = z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).optional() });
const Template = z.looseObject({
  Resources: z.record(z.string(), Resource).default({}),
  Outputs: z
    .record(z.string(), z.looseObject({ Value: z.unknown(), Export: z.looseObject({ Name: z.unknown() }).optional() }))
    .default({}),
});
const Assets = z.looseObject({
  files: z.record(
    z.string(),
    z.looseObject({
      source: z.looseObject({ path: z.string().optional() }),
      destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
    }),
  ),
});

interface Stack {
  readonly name: string;
  readonly template: z.infer<typeof Template>;
}

export interface CloudResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** Resolved: no intrinsic functions are left in it. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly ref: string;
  readonly arn: string;
}

/** Where things that the template only names are to be found on this machine. */
export interface Places {
  /** The identity provider's URL, for the user pool's ProviderURL. */
  readonly issuer: string;
  /** The API's own URL. */
  readonly api: string;
  /** The value of a secret that the cloud would have made. */
  readonly secret: (secretId: string) => string;
}

export interface Cloud {
  readonly resources: readonly CloudResource[];
  /** Path of an asset on disk, by the object key that the template gives. */
  readonly asset: (objectKey: string) => string;
}

const readJson = <T>(file: string, schema: z.ZodType<T>): T => schema.parse(JSON.parse(readFileSync(file, 'utf8')));

const readStacks = (folder: string): readonly Stack[] =>
  Object.entries(readJson(join(folder, 'manifest.json'), Manifest).artifacts).flatMap(([name, artifact]) => {
    const file = artifact.properties?.templateFile;
    if (artifact.type !== 'aws:cloudformation:stack' || file === undefined) return [];
    return [{ name, template: readJson(join(folder, file), Template) }];
  });

const readAssets = (folder: string, stacks: readonly Stack[]): ReadonlyMap<string, string> =>
  new Map(
    stacks.flatMap(({ name }) =>
      Object.values(readJson(join(folder, `${name}.assets.json`), Assets).files).flatMap(({ source, destinations }) =>
        Object.values(destinations).map(({ objectKey }) => [objectKey, join(folder, source.path ?? '')] as const),
      ),
    ),
  );

interface Naming {
  readonly arn: string;
  readonly refIsArn?: boolean;
  /** Capitals are not allowed in it. */
  readonly isSmall?: boolean;
}

const service: Readonly<Record<string, Naming>> = {
  'AWS::DynamoDB::Table': { arn: 'dynamodb:{place}:table/' },
  'AWS::Lambda::Function': { arn: 'lambda:{place}:function:' },
  'AWS::StepFunctions::StateMachine': { arn: 'states:{place}:stateMachine:', refIsArn: true },
  'AWS::SQS::Queue': { arn: 'sqs:{place}:' },
  'AWS::S3::Bucket': { arn: 's3:::', isSmall: true },
  'AWS::IAM::Role': { arn: `iam::${account}:role/` },
  'AWS::SecretsManager::Secret': { arn: 'secretsmanager:{place}:secret:', refIsArn: true },
  'AWS::Cognito::UserPool': { arn: 'cognito-idp:{place}:userpool/' },
};

const nameProperties = [
  'FunctionName',
  'TableName',
  'StateMachineName',
  'QueueName',
  'UserPoolName',
  'ScheduleName',
  'BucketName',
];

const identify = (logicalId: string, { Type, Properties = {} }: z.infer<typeof Resource>) => {
  const given = nameProperties.map((property) => Properties[property]).find((name) => typeof name === 'string');
  const { arn: path = `${Type.split('::')[1]?.toLowerCase()}:{place}:`, refIsArn, isSmall } = service[Type] ?? {};
  const made = isSmall ? logicalId.toLowerCase() : logicalId;
  const name = typeof given === 'string' ? given : made;
  const arn = `arn:aws:${path.replace('{place}', `${region}:${account}`)}${name}`;
  return { name, arn, ref: refIsArn ? arn : name };
};

const pseudo: Readonly<Record<string, string>> = {
  'AWS::Region': region,
  'AWS::AccountId': account,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

const attributeOf = ({ name, arn }: ReturnType<typeof identify>, attribute: string, places: Places): string => {
  const special: Readonly<Record<string, string>> = {
    Arn: arn,
    StreamArn: `${arn}/stream/latest`,
    ProviderURL: places.issuer,
    ProviderName: new URL(places.issuer).host,
    ApiEndpoint: places.api,
    Name: name,
    QueueName: name,
  };
  return special[attribute] ?? `${name}.${attribute}`;
};

/** Reads all stacks of a synthesized app and gives every resource the name it has on the laptop. */
export const readCloud = (folder: string, places: Places): Cloud => {
  const stacks = readStacks(folder);
  const namesOf = ({ name, template }: Stack): Names => {
    const find = (logicalId: string): z.infer<typeof Resource> => {
      const resource = template.Resources[logicalId];
      if (!resource) throw new Error(`The template of ${name} names ${logicalId}, which is not in it.`);
      return resource;
    };
    return {
      ref: (id) => pseudo[id] ?? (id.startsWith('AWS::Stack') ? name : identify(id, find(id)).ref),
      attribute: (id, attribute) => attributeOf(identify(id, find(id)), attribute, places),
      imported: (exportName) => importValue(exportName),
      secret: places.secret,
    };
  };
  const importValue = (exportName: string): string => {
    for (const stack of stacks) {
      const names = namesOf(stack);
      for (const { Value, Export } of Object.values(stack.template.Outputs)) {
        if (Export && resolveValue(Export.Name, names) === exportName) return String(resolveValue(Value, names));
      }
    }
    throw new Error(`No stack exports ${exportName}.`);
  };
  const assets = readAssets(folder, stacks);
  return {
    resources: stacks.flatMap((stack) =>
      Object.entries(stack.template.Resources).map(([logicalId, resource]) => ({
        stack: stack.name,
        logicalId,
        type: resource.Type,
        get properties() {
          // What is resolved keeps its shape, and properties are an object.
          return resolveValue(resource.Properties ?? {}, namesOf(stack)) as Readonly<Record<string, unknown>>;
        },
        ...identify(logicalId, resource),
      })),
    ),
    asset: (objectKey) => {
      const path = assets.get(objectKey);
      if (path === undefined) throw new Error(`The asset ${objectKey} is in no asset manifest of ${folder}.`);
      return path;
    },
  };
};
