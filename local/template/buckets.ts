import * as z from 'zod';
import type { CloudResource } from './cloud.ts';
import type { BucketDescription } from './system.ts';

const Properties = z.looseObject({
  VersioningConfiguration: z.looseObject({ Status: z.string() }).optional(),
  ObjectLockEnabled: z.boolean().default(false),
  ObjectLockConfiguration: z
    .looseObject({
      Rule: z
        .looseObject({ DefaultRetention: z.looseObject({ Mode: z.string(), Days: z.coerce.number() }) })
        .optional(),
    })
    .optional(),
  NotificationConfiguration: z
    .strictObject({ EventBridgeConfiguration: z.looseObject({ EventBridgeEnabled: z.coerce.boolean() }) })
    .optional(),
  CorsConfiguration: z
    .looseObject({
      CorsRules: z.array(z.looseObject({ AllowedMethods: z.array(z.string()), AllowedOrigins: z.array(z.string()) })),
    })
    .optional(),
});

export const readBuckets = (resources: readonly CloudResource[]): readonly BucketDescription[] =>
  resources.map(({ ref, arn, properties }) => {
    const bucket = Properties.parse(properties);
    const retention = bucket.ObjectLockConfiguration?.Rule?.DefaultRetention;
    return {
      name: ref,
      arn,
      isVersioned: bucket.VersioningConfiguration?.Status === 'Enabled',
      canLock: bucket.ObjectLockEnabled,
      ...(retention && { retention: { mode: retention.Mode, days: retention.Days } }),
      tellsEvents: bucket.NotificationConfiguration?.EventBridgeConfiguration.EventBridgeEnabled ?? false,
      methodsForBrowsers: bucket.CorsConfiguration?.CorsRules.flatMap((rule) => rule.AllowedMethods) ?? [],
    };
  });
