/** What bots are called: pioneers of computing, then with a number. */
const NAMES = [
  'Ada',
  'Grace',
  'Alan',
  'Edsger',
  'Barbara',
  'Donald',
  'Hedy',
  'Lotfi',
  'Radia',
  'Dennis',
  'Frances',
  'Niklaus',
  'Margaret',
  'Ken',
  'Karen',
  'Tony',
  'Lynn',
  'Leslie',
  'Shafi',
  'Vint',
  'Adele',
  'Robin',
  'Evelyn',
  'Kurt',
  'Katherine',
  'Alonzo',
  'Mary',
  'Stephen',
  'Jean',
  'Peter',
  'Anita',
  'Fred',
];

/** "Ada bot", …, "Ada bot 2": the name says what it is. */
export function botName(index: number): string {
  const round = Math.floor(index / NAMES.length) + 1;
  const name = `${NAMES[index % NAMES.length] ?? 'Nobody'} bot`;
  return round === 1 ? name : `${name} ${round}`;
}
