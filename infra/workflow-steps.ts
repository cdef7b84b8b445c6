import type { WorkflowProps } from './workflow.ts';

/** Every workflow: its definition, and the workers that it calls by the names of its substitutions. */
export const workflowSteps = {
  approval: {
    file: 'workflows/approvals/approval.asl.json',
    steps: {
      RequestApprovalFunctionArn: 'request-approval',
      FollowUpFunctionArn: 'follow-up',
      NeedsAttentionFunctionArn: 'needs-attention',
    },
  },
  payoutRun: {
    file: 'workflows/payouts/payout-run.asl.json',
    steps: {
      LoadRunFunctionArn: 'load-run',
      CollectPayoutsFunctionArn: 'collect-payouts',
      FreezeRunFunctionArn: 'freeze-run',
      RequestApprovalFunctionArn: 'request-approval',
      PayChunkFunctionArn: 'pay-chunk',
      ReleaseChunkFunctionArn: 'release-chunk',
      CloseRunFunctionArn: 'close-run',
      NeedsAttentionFunctionArn: 'needs-attention',
    },
    isDistributed: true,
  },
  scoringRun: {
    file: 'workflows/health/scoring-run.asl.json',
    steps: {
      LoadScoringFunctionArn: 'load-scoring',
      ScoreSegmentFunctionArn: 'score-segment',
      CloseScoringFunctionArn: 'close-scoring',
      NeedsAttentionFunctionArn: 'needs-attention',
    },
    isDistributed: true,
  },
} as const satisfies Readonly<Record<string, Pick<WorkflowProps, 'file' | 'steps' | 'isDistributed'>>>;
