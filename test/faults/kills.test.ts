import { beforeAll } from 'vitest';
import { prepare } from './environment.ts';
import { killEverywhere } from './kill-everywhere.ts';
import { scenesOfMoney } from './money-scenes.ts';
import { scenesOfPayouts } from './payout-scenes.ts';
import { scenes } from './scripted-history.ts';

beforeAll(prepare);

killEverywhere(Object.keys(scenes).filter((name) => !(name in scenesOfMoney) && !(name in scenesOfPayouts)));
