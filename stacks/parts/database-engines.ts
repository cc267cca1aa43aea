/** The databases that can invoke a Lambda function, as far as their SQL and their roles differ. */
export const DATABASE_ENGINES = ['aurora-mysql3', 'aurora-mysql2', 'aurora-postgresql', 'rds-postgresql'] as const;

export type DatabaseEngine = (typeof DATABASE_ENGINES)[number];

export const TRIGGER_OPERATIONS = ['INSERT', 'UPDATE', 'DELETE'] as const;

export type TriggerOperation = (typeof TRIGGER_OPERATIONS)[number];

/** When the database hands a row over: amid its transaction, or after its commit. */
export const TRIGGER_MODES = ['direct', 'outbox'] as const;

export type TriggerMode = (typeof TRIGGER_MODES)[number];

/** After so many rows that Lambda refuses, a hand-over of the outbox leaves the others to the next: nobody may answer. */
export const MOST_REFUSED = 10;
