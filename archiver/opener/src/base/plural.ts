/** A count with its words, as English counts: one, or several and none. */
export const english = (count: number, one: string, several: string): string => `${count} ${count === 1 ? one : several}`;

/** The same as French counts: none and one, or several. */
export const french = (count: number, one: string, several: string): string => `${count} ${count < 2 ? one : several}`;
