import { z } from 'zod';
import { LIMITS } from '../limits.ts';

/** SHA-256 of a configuration's text, lower-case hex: the name of its version. */
const version = z.string().regex(/^[0-9a-f]{64}$/);
const words = z.string().max(LIMITS.reasonLength);

/** Who asked, and for what. `operatorId`: of this site; null: somebody at central, or nobody. */
const asked = {
	source: z.enum(['central', 'console', 'gateway']),
	by: z.string().max(200),
	operatorId: z.string().max(64).nullable(),
	reason: words,
	/** Of central's command; null: none was sent. */
	commandId: z.string().max(64).nullable(),
};

const keptVersion = z.object({ ...asked, version, proposedAtMs: z.int() });

const trial = z.object({
	...asked,
	/** null: back to the file. */
	version: version.nullable(),
	startedAtMs: z.int(),
	withinMs: z.int(),
});

/** `fileTookOver`: gateway.yaml was edited, so the version that ran in its place is left. */
const WHAT = ['proposed', 'tried', 'kept', 'reverted', 'fileTookOver'] as const;

const configurationEvent = z.object({
	...asked,
	/** Counts from 1 without gaps. */
	number: z.int().min(1),
	atMs: z.int(),
	what: z.enum(WHAT),
	/** null: the file. */
	version: version.nullable(),
	because: words.nullable(),
});

/** What is kept beside gateway.yaml, which is only ever read. */
export const configurationStateSchema = z.object({
	format: z.literal(1),
	/** Runs in the place of the file for as long as that is what it was then. null: the file runs. */
	applied: z.object({ version, file: version }).nullable(),
	/** Runs for a while; whatever ends the process ends it too. */
	trial: trial.nullable(),
	/** Newest first. */
	versions: z.array(keptVersion).max(LIMITS.configurationVersions),
	/** Oldest first. */
	history: z.array(configurationEvent).max(LIMITS.configurationEvents),
});

export type ConfigurationState = z.infer<typeof configurationStateSchema>;
export type KeptVersion = z.infer<typeof keptVersion>;
export type ConfigurationTrial = z.infer<typeof trial>;
export type ConfigurationEvent = z.infer<typeof configurationEvent>;
export type AskedBy = Pick<KeptVersion, keyof typeof asked>;

export const NO_VERSIONS: ConfigurationState = { format: 1, applied: null, trial: null, versions: [], history: [] };

/** The version that runs outside of trials; null: gateway.yaml itself. `file`: its version now. */
export function versionInForce({ applied }: ConfigurationState, file: string): string | null {
	return applied?.file === file ? applied.version : null;
}

/** Keeps a version to be applied later; the oldest ones that do not run make room. */
export function withProposal(
	state: ConfigurationState,
	proposed: { readonly version: string; readonly asked: AskedBy; readonly atMs: number },
): ConfigurationState {
	const { version: added, asked: by, atMs } = proposed;
	const kept: KeptVersion = { ...by, version: added, proposedAtMs: atMs };
	const others = state.versions.filter((other) => other.version !== added);
	const inUse = [state.applied?.version, state.trial?.version];
	const room = LIMITS.configurationVersions - 1 - others.filter((other) => inUse.includes(other.version)).length;
	let free = Math.max(0, room);
	const stay = others.filter((other) => {
		if (inUse.includes(other.version)) return true;
		free -= 1;
		return free >= 0;
	});
	return withEvent({ ...state, versions: [kept, ...stay] }, { ...by, atMs, what: 'proposed', version: added });
}

/** The intent: from here on a stop ends in what ran before. */
export function withTrial(
	state: ConfigurationState,
	tried: { readonly version: string | null; readonly asked: AskedBy; readonly atMs: number; readonly withinMs: number },
): ConfigurationState {
	const { version: target, asked: by, atMs, withinMs } = tried;
	const begun = { ...state, trial: { ...by, version: target, startedAtMs: atMs, withinMs } };
	return withEvent(begun, { ...by, atMs, what: 'tried', version: target });
}

/** `file`: version of gateway.yaml now. */
export function withTrialKept(state: ConfigurationState, file: string, atMs: number): ConfigurationState {
	const { trial: ended } = state;
	if (ended === null) return state;
	const { version: target, ...by } = endedBy(ended);
	const applied = target === null || target === file ? null : { version: target, file };
	return withEvent({ ...state, applied, trial: null }, { ...by, atMs, what: 'kept', version: target });
}

export function withTrialReverted(state: ConfigurationState, because: string, atMs: number): ConfigurationState {
	const { trial: ended } = state;
	if (ended === null) return state;
	const told = because.slice(0, LIMITS.reasonLength);
	return withEvent({ ...state, trial: null }, { ...endedBy(ended), atMs, what: 'reverted', because: told });
}

/** An edit of gateway.yaml made on the machine wins over what was applied before it. */
export function withFile(state: ConfigurationState, file: string, atMs: number): ConfigurationState {
	if (state.applied === null || state.applied.file === file) return state;
	const { version: left } = state.applied;
	return withEvent({ ...state, applied: null }, { ...THE_GATEWAY, atMs, what: 'fileTookOver', version: left });
}

/** What became of central's command to apply; undefined: nothing yet, or it was never begun. */
export function outcomeOf({ history }: ConfigurationState, commandId: string): ConfigurationEvent | undefined {
	return history.findLast(
		(event) => event.commandId === commandId && (event.what === 'kept' || event.what === 'reverted'),
	);
}

const THE_GATEWAY: AskedBy = { source: 'gateway', by: 'gateway', operatorId: null, reason: '', commandId: null };

function endedBy({ startedAtMs: _, withinMs: __, ...ended }: ConfigurationTrial) {
	return ended;
}

function withEvent(
	state: ConfigurationState,
	event: Omit<ConfigurationEvent, 'number' | 'because'> & { readonly because?: string },
): ConfigurationState {
	const number = (state.history.at(-1)?.number ?? 0) + 1;
	const history = [...state.history, { because: null, ...event, number }];
	return { ...state, history: history.slice(-LIMITS.configurationEvents) };
}
