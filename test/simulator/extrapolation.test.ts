/** Others over the production server when news are late: guessed, held, and never seen jumping. */
import { expect, test } from 'vitest';

import { predictMovement } from '../../src/client/predict-movement.ts';
import { createSimulation } from '../../src/simulator/simulation.ts';
import { checkOthers } from '../support/remote-checks.ts';

test('a line that falls silent again and again shows nobody too fast, nor running on for ever', async () => {
  expect(await checkOthers({ predictMovement, createSimulation })).toEqual([]);
});
