import { beforeAll } from 'vitest';
import { prepare } from './environment.ts';
import { scenesOfHealth } from './health-scenes.ts';
import { killEverywhere } from './kill-everywhere.ts';
import { scenesOfMoney } from './money-scenes.ts';
import { scenesOfPayouts } from './payout-scenes.ts';

beforeAll(prepare);

killEverywhere([...Object.keys(scenesOfMoney), ...Object.keys(scenesOfPayouts), ...Object.keys(scenesOfHealth)]);
