/** What a code means to whoever meets it, and the status it comes with. */
export interface ErrorCode {
  readonly status: number;
  readonly says: string;
}

const code = (status: number, says: string): ErrorCode => ({ status, says });

/** Every code of the API. A test holds the statuses against the places that throw. */
export const errorCodes: Readonly<Record<string, ErrorCode>> = {
  'request.malformed': code(400, 'The body is not JSON in UTF-8, or says a name twice.'),
  'request.invalid': code(400, 'Fields are faulty; all of them are listed.'),
  'idempotency.key_required': code(400, 'An Idempotency-Key is missing or not visible ASCII.'),

  'auth.forbidden': code(403, 'Your role, or the scopes of your API key, do not allow it.'),
  'approval.own_submission': code(403, 'Nobody decides on what they submitted.'),
  'approval.already_decided_by_you': code(403, 'Two decisions come from two people.'),

  not_found: code(404, 'It is not there, or it is somebody else’s.'),

  'approval.closed': code(409, 'It has been decided already.'),
  'deal.already_attributed': code(409, 'This partner has this part in the deal already.'),
  'deal.already_registered': code(409, 'You hold this registration yourself; `dealId` names it.'),
  'deal.churned': code(409, 'The customer has left; nothing is paid any more.'),
  'deal.conflict': code(409, 'Another partner holds a registration of this customer and product line.'),
  'deal.cooling_off': code(409, 'You may register this customer again from `freeAt` on.'),
  'deal.hold_lost': code(409, 'The hold on the customer has ended; register the deal anew.'),
  'deal.limit_reached': code(409, '`open` registrations are as many as your tier allows (`limit`).'),
  'mdf.document_already_claimed': code(
    409,
    'A claim holds this document already, under whatever name it was uploaded.',
  ),
  'mdf.invoice_already_claimed': code(409, 'A claim holds this invoice of this supplier already.'),
  'deal.too_many_payments': code(409, 'The deal holds as many as it can (`limit`).'),
  'idempotency.in_flight': code(409, 'The same things are being changed right now. Try again with the same key.'),
  'mdf.budget_exceeded': code(409, 'It is more than is `available` of the budget.'),
  'mdf.tier_budget_given': code(409, 'What the tier gives for this quarter has been given already.'),
  'incentive.budget_used_up': code(409, 'The budget of this incentive is used up.'),
  'statement.closed': code(409, 'The statement of this month is closed; what is owed goes to the next one.'),
  'partner.duplicate': code(409, 'This company is a partner, or has applied, already.'),
  'partner.not_active': code(409, 'Only an active partner may do this.'),
  'partner.terminated_before': code(
    409,
    'This company was a partner before; a partner manager must file its application.',
  ),
  'program.not_published': code(409, 'No program is in force yet.'),
  'state.transition_not_allowed': code(409, 'Its `status` does not allow it; `allowed` says what is.'),
  'user.email_taken': code(409, 'Somebody with this address is there already.'),

  'version.stale': code(412, 'It has changed since you read it. Read it again, then decide.'),

  'request.too_large': code(413, 'The body is larger than 256 KiB.'),
  'request.unsupported_media_type': code(415, 'Send the body as application/json.'),

  'api_key.scope_not_allowed': code(422, 'The role can do nothing with such a scope.'),
  'approval.amount_differs': code(422, 'Whoever decides second names the amount of the first.'),
  'approval.amount_out_of_range': code(422, 'What is approved is more than 0 and at most what was asked for.'),
  'approval.reason_missing': code(422, 'A rejection or a return says why.'),
  'deal.below_minimum': code(422, 'The program takes larger deals only.'),
  'deal.close_date_out_of_range': code(422, 'The expected close date is past, or too far away.'),
  'deal.closed_before_registration': code(422, 'A deal is not closed before it is registered.'),
  'deal.closed_in_future': code(422, 'A deal cannot have been closed on a day to come.'),
  'deal.contest_not_open': code(422, 'Contests cannot be opened yet.'),
  'deal.customer_fixed': code(422, 'Customer and product line of a returned deal stay.'),
  'deal.day_out_of_range': code(422, 'The day lies before the deal, or in the future.'),
  'deal.known_to_direct_sales': code(422, 'Direct sales works on this account already.'),
  'deal.loss_reason_missing': code(422, 'A lost deal says why.'),
  'deal.overpaid': code(422, 'It is more than the customer still has to pay.'),
  'deal.refund_too_large': code(422, 'It is more than what was paid and is still to be paid.'),
  'deal.share_too_large': code(422, 'The partner that registered the deal has no such share to give.'),
  'deal.territory_not_allowed': code(422, 'The program leaves this customer to others; `detail` quotes the rule.'),
  'document.not_verified': code(422, 'The document has not come, or was rejected; `documentStatus` says which.'),
  'idempotency.key_reused': code(422, 'This Idempotency-Key was used with another body.'),
  'mdf.activity_not_eligible': code(422, 'The program has no funds for activities of this type.'),
  'mdf.claim_window_closed': code(422, 'It could be claimed until `claimUntil`.'),
  'mdf.dates_out_of_range': code(422, 'The dates are past, or do not fit each other or the quarter.'),
  'mdf.listed_twice': code(422, 'An invoice or a document stands in the claim twice.'),
  'mdf.proof_missing': code(422, 'The program asks for more proofs of such an activity.'),
  'mdf.quarter_over': code(422, 'The quarter has ended.'),
  'mdf.share_too_high': code(422, 'It is more than our share of the cost.'),
  'money.currency_mismatch': code(422, 'Amounts are in the currency of the program.'),
  'money.out_of_range': code(422, 'The amount is too large to be kept exactly.'),
  'partner.agreement_version_differs': code(422, 'Another version of the agreement was sent.'),
  'partner.answer_missing': code(422, 'The program requires an answer to this.'),
  'partner.country_blocked': code(422, 'The program takes no partners from this country.'),
  'partner.domain_fixed': code(422, 'A returned application stays with its company.'),
  'partner.reason_missing': code(422, 'A change of tier says why.'),
  'partner.score_missing': code(422, 'An evaluation scores every criterion of the program.'),
  'program.effective_too_soon': code(422, 'A version takes effect on a future date.'),
  'program.notice_too_short': code(422, 'What takes something away needs notice; the changes are named.'),
  'program.unknown_incentive': code(422, 'The program has no such alternative.'),
  'program.unknown_criterion': code(422, 'The program has no such criterion.'),
  'program.unknown_partner_type': code(422, 'The program has no such partner type.'),
  'program.unknown_product_line': code(422, 'The program has no such product line.'),
  'deal.value_needs_review': code(422, 'A deal that nobody reviewed cannot be raised to what needs a review.'),
  'program.unknown_segment': code(422, 'The program has no such segment of customers.'),
  'program.unknown_region': code(422, 'The program has no such region.'),
  'program.unknown_tier': code(422, 'The program has no such tier.'),
  'user.own_deactivation': code(422, 'Nobody deactivates themselves.'),

  'version.required': code(428, 'Say with If-Match which version you have seen.'),
  'rate.limited': code(429, 'Too many in this window; Retry-After says when to go on.'),
  internal: code(500, 'Something went wrong on our side; it is logged under `requestId`.'),
};
