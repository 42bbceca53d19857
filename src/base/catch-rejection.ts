/**
 * Calls of the user that nobody awaits may be async all the same; a rejection that nobody takes
 * would end the process. In: whatever the call answered. Out: what its promise is rejected with.
 */
export function catchRejection(answer: unknown, onFault: (error: unknown) => void): void {
  if (answer instanceof Promise) answer.catch(onFault);
}
