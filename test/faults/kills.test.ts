import { beforeAll } from 'vitest';
import { prepare } from './environment.ts';
import { scenesOfHealth } from './health-scenes.ts';
import { killEverywhere } from './kill-everywhere.ts';
import { scenesOfMoney } from './money-scenes.ts';
import { scenesOfPayouts } from './payout-scenes.ts';
import { scenes } from './scripted-history.ts';

beforeAll(prepare);

const others = { ...scenesOfMoney, ...scenesOfPayouts, ...scenesOfHealth };

killEverywhere(Object.keys(scenes).filter((name) => !(name in others)));
