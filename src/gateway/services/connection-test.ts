/** What a connection to central needs, one after the other; each is tried only where the ones it builds on hold. */
export const CONNECTION_STEPS = [
	/** Password, certificates and keys can be read. */
	'settings',
	'dns',
	'tcp',
	'tls',
	/** The broker lets the site in. */
	'login',
	/** It takes what the site sends. */
	'write',
	/** Central answers, and the answer arrives. */
	'read',
	/** It does not take what another site would send. */
	'foreignWrite',
	/** It does not deliver what others send. */
	'foreignRead',
] as const;

export type ConnectionStep = (typeof CONNECTION_STEPS)[number];

export interface ConnectionStepState {
	readonly step: ConnectionStep;
	/** `skipped`: not needed, or an earlier step failed. */
	readonly result: 'waiting' | 'running' | 'ok' | 'failed' | 'skipped';
	readonly durationMs: number | null;
	/** What was found; of a failed step also what to do. null: nothing to say. */
	readonly text: string | null;
}

/** One test of the connection, also while it runs. */
export interface ConnectionTest {
	/** When it began. */
	readonly atMs: number;
	readonly result: 'running' | 'passed' | 'failed';
	/** In order, those to come included. */
	readonly steps: readonly ConnectionStepState[];
}

/** One test at a time. */
export interface ConnectionTester {
	/** Settles when the test is over; one that runs already is joined. Throws CONFLICT where there is no central. */
	run(): Promise<ConnectionTest>;
	/** The test that runs, or the last one; null: none since the start. */
	last(): ConnectionTest | null;
}
