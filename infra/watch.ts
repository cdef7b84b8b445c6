import type { IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { DefaultDashboardFactory, MonitoringFacade, SnsAlarmActionStrategy } from 'cdk-monitoring-constructs';
import { Construct } from 'constructs';
import { type AlarmRow, alarms, type Measured } from './alarms.ts';
import type { Stage } from './stages.ts';

export interface WatchProps {
  readonly stage: Stage;
  readonly measured: Measured;
}

const thresholdOf = ({ threshold, rings, periods = 1, meaning, action }: AlarmRow, name: string) => ({
  threshold,
  alarmNameOverride: name,
  alarmDescriptionOverride: `${meaning} ${action}`,
  comparisonOperator:
    rings === 'below' ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
  treatMissingDataOverride: rings === 'below' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  datapointsToAlarm: periods,
  evaluationPeriods: periods,
});

/** Every alarm of alarms.ts, with the topic that tells people, and one dashboard on which all of them are drawn. */
export class Watch extends Construct {
  constructor(scope: Construct, id: string, { stage, measured }: WatchProps) {
    super(scope, id);
    const topic = new Topic(this, 'Alarms', { displayName: `Tandem ${stage.name}`, enforceSSL: true });
    topic.addSubscription(new EmailSubscription(stage.alarmsTo));
    const name = `Tandem-${stage.name}`;
    const facade = new MonitoringFacade(this, 'Monitoring', {
      alarmFactoryDefaults: {
        actionsEnabled: true,
        alarmNamePrefix: name,
        action: new SnsAlarmActionStrategy({ onAlarmTopic: topic }),
      },
      dashboardFactory: new DefaultDashboardFactory(this, 'Dashboards', {
        dashboardNamePrefix: name,
        createDashboard: true,
        createSummaryDashboard: false,
        createAlarmDashboard: false,
      }),
    });
    facade.monitorCustom({
      humanReadableName: 'Alarms',
      alarmFriendlyName: 'Alarms',
      metricGroups: alarms.map((row) => ({
        title: row.name,
        metrics: [
          {
            metric: row.metric(measured),
            alarmFriendlyName: row.name,
            addAlarm: { Critical: thresholdOf(row, `${name}-${row.name}`) },
          },
        ],
      })),
    });
    facade
      // The kit's type of an API leaves out that a stage may be missing, not that an API of ours is one.
      .monitorApiGatewayV2HttpApi({ api: measured.api as IHttpApi })
      .monitorStepFunction({ stateMachine: measured.workflow })
      .monitorStepFunction({ stateMachine: measured.payoutRun })
      .monitorStepFunction({ stateMachine: measured.scoringRun })
      .monitorLambdaFunction({ lambdaFunction: measured.functions.named('on-stored-change') })
      .monitorLambdaFunction({ lambdaFunction: measured.functions.named('write-facts') })
      .monitorLambdaFunction({ lambdaFunction: measured.functions.named('sweep') });
  }
}
