import { door } from '#functions/http/door.ts';
import { receiveStripeEvent } from './receive-stripe-event.ts';

export const handler = door('provider-events', [receiveStripeEvent]);
