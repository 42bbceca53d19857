/**
 * The question of this project, asked of a user's own game: does anything that one peer does reach
 * another but through their world? In: a recipe. Out: findings; none when all is right. Makes the
 * run once with everybody, once for each honest peer alone among puppets, and once more.
 */
import type { MessageDefinitions } from '../protocol/define-messages.ts';
import { checkBounds } from './oracles/check-bounds.ts';
import { checkErrors } from './oracles/check-errors.ts';
import { checkLegalLifecycle } from './oracles/check-legal-lifecycle.ts';
import { checkProjection } from './oracles/check-projection.ts';
import { checkRepeat } from './oracles/check-repeat.ts';
import type { OracleFinding } from './oracles/oracle-finding.ts';
import { recordRun, type RunRecipe } from './record-run.ts';

/**
 * O1, O7, O8, O10 and errors of docs/ORACLES.md. Costs as many runs as there are honest peers, and
 * two. The game must tell players nothing of one another but through its worlds: a chat that
 * `onMessage` passes on is such a way, and would be found.
 */
export async function checkIndependence<
  Definitions extends MessageDefinitions = MessageDefinitions,
>(recipe: RunRecipe<Definitions>): Promise<OracleFinding[]> {
  const joint = await recordRun(recipe);
  const findings = [...checkErrors(joint), ...checkLegalLifecycle(joint), ...checkBounds(joint)];
  findings.push(...checkRepeat(joint, await recordRun(recipe)));
  for (const { name, role } of joint.peers.values()) {
    if (role !== 'honest') continue;
    findings.push(...checkProjection(joint, await recordRun(recipe, { joint, live: [name] })));
  }
  return findings;
}
