/** Runs before each file of browser tests: without a Chromium the file fails, and says why. */
import { inject } from 'vitest';

const problem = inject('chromiumProblem');
if (problem !== '') throw new Error(problem);
