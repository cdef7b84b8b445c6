import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { CloudResource } from './cloud.ts';
import type { MachineDescription } from './system.ts';

const Properties = z.looseObject({
  DefinitionString: z.string().optional(),
  DefinitionS3Location: z.looseObject({ Key: z.string() }).optional(),
  DefinitionSubstitutions: z.record(z.string(), z.coerce.string()).default({}),
});

export const readMachines = (
  resources: readonly CloudResource[],
  asset: (objectKey: string) => string,
): readonly MachineDescription[] =>
  resources.map(({ logicalId, arn, properties }) => {
    const { DefinitionString, DefinitionS3Location, DefinitionSubstitutions } = Properties.parse(properties);
    const text = DefinitionS3Location ? readFileSync(asset(DefinitionS3Location.Key), 'utf8') : DefinitionString;
    if (text === undefined)
      throw new Error(`The state machine ${logicalId} has no definition that the laptop can read.`);
    const definition = text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
      const value = DefinitionSubstitutions[name];
      if (value === undefined)
        throw new Error(`The state machine ${logicalId} names \${${name}}, which nothing fills in.`);
      return value;
    });
    return { arn, name: arn.slice(arn.lastIndexOf(':') + 1), definition };
  });
