import type { Clock } from '../core/clock.ts';
import { LIMITS } from '../core/limits.ts';
import type { Log } from '../core/log.ts';
import type { BegunCommand } from '../store/remote-commands.ts';
import type { SiteStore } from '../store/site-store.ts';

interface Asked {
	readonly commandId: string;
	/** A lane; a version of the configuration, or `file`; the gateway. */
	readonly target: string;
	readonly reason: string;
	/** Who asked, at central. */
	readonly by: string;
}

export type LaneCommand = Asked & {
	readonly op: 'vend' | 'hold' | 'close' | 'lockdown' | 'release';
	readonly untilMs: number | null;
};

export type ConfigurationCommand = Asked &
	(
		| { readonly op: 'configPropose'; readonly text: string }
		| { readonly op: 'configApply'; readonly withinS: number; readonly force: boolean }
		| { readonly op: 'configKeep' | 'configRevert' }
	);

export type GatewayCommand = Asked &
	({ readonly op: 'restart'; readonly force: boolean } | { readonly op: 'diagnostics' });

/** What central may ask of a site. */
export type RemoteCommand = LaneCommand | ConfigurationCommand | GatewayCommand;

export interface RemoteOutcome {
	readonly outcome: 'done' | 'refused' | 'expired' | 'failed' | 'unknown';
	readonly because: string | null;
}

export interface RemoteResult extends RemoteOutcome {
	readonly commandId: string;
}

/** `report`: what was found, as text of at most LIMITS.reportLength characters; null: the outcome says all. */
export interface RemoteAnswer extends RemoteOutcome {
	readonly report?: string | null;
}

/** `later`: what comes of it is told through `settle`, or found after a stop. `end`: ends the gateway, and that is its success. */
export type ActAnswer = RemoteAnswer | 'later' | { readonly end: () => void };

/** What the commands do. */
export interface RemoteActs {
	/** `actUntilMs`, monotonic: the last moment at which a pulse may leave. */
	act(command: RemoteCommand, actUntilMs: number): Promise<ActAnswer>;
	/** What became of one that the last stop interrupted; `later`: it still goes on; undefined: nobody knows. */
	afterStop(command: BegunCommand): RemoteOutcome | 'later' | undefined;
}

/**
 * Carries central's commands out, each once: its intent is committed, then its time is looked at a last time, then it
 * acts, then its result is committed. One that a stop interrupted is never tried again.
 */
export interface RemoteCommands {
	isUsed(commandId: string): boolean;
	/** `actUntilMs`, monotonic. Never rejects; null: the result comes later. */
	carryOut(command: RemoteCommand, actUntilMs: number): Promise<(RemoteResult & RemoteAnswer) | null>;
	/** One that was to be answered later has its result. */
	settle(commandId: string, outcome: RemoteOutcome): void;
	/** Called when a result waits to be told that no `carryOut` answers. */
	onSettled(tell: () => void): void;
	/** Results that central may not have heard, those of the last stop among them. */
	untold(): readonly RemoteResult[];
	/** The broker has it. */
	told(commandId: string): void;
}

/** Whose doing it is in the journal: an operator of central, named in the reason's entry. */
export const CENTRAL_OPERATOR = 'central';

export function createRemoteCommands(deps: {
	readonly store: Pick<SiteStore, 'remoteCommands' | 'journal' | 'transaction'>;
	readonly acts: RemoteActs;
	readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
	readonly newId: () => string;
	readonly log: Log;
	readonly journalGrew: () => void;
}): RemoteCommands {
	const { store, acts, clock, newId, log, journalGrew } = deps;
	const { remoteCommands } = store;
	let left = remoteCommands.unfinished();
	let tell: () => void = () => undefined;

	function audit(action: string, target: string, detail: Readonly<Record<string, string | null>>): void {
		const about = { operatorId: CENTRAL_OPERATOR, action, target, detail };
		store.journal.append({ type: 'audit', class: 'audit', id: newId(), atMs: clock.nowMs(), ...about });
	}

	function begin({ commandId, op, target, reason, by }: RemoteCommand): void {
		store.transaction(() => {
			remoteCommands.begin({ id: commandId, op, target }, clock.nowMs(), LIMITS.commandsKept);
			audit('remoteCommand', target, { commandId, op, by, reason });
		});
	}

	function finish(commandId: string, target: string, { outcome, because }: RemoteOutcome): void {
		const told = because?.slice(0, LIMITS.reasonLength) ?? null;
		store.transaction(() => {
			remoteCommands.finish(commandId, { outcome, because: told });
			audit('remoteCommandResult', target, { commandId, outcome, because: told });
		});
		journalGrew();
	}

	async function carryOut(command: RemoteCommand, actUntilMs: number) {
		const { commandId, target } = command;
		try {
			begin(command);
			// The disk may have taken its time.
			const answer: ActAnswer =
				clock.monotonicMs() > actUntilMs
					? { outcome: 'expired', because: 'the store took too long' }
					: await acts.act(command, actUntilMs);
			if (answer === 'later') return null;
			if ('end' in answer) {
				remoteCommands.restarting(commandId);
				answer.end();
				return null;
			}
			finish(commandId, target, answer);
			return { commandId, ...answer };
		} catch (error) {
			log.error({ err: error, commandId }, 'a command of central could not be carried out');
			const because = error instanceof Error ? error.message.slice(0, LIMITS.reasonLength) : null;
			return { commandId, outcome: 'unknown' as const, because };
		}
	}

	function settle(commandId: string, outcome: RemoteOutcome): void {
		const open = remoteCommands.unfinished().find(({ id }) => id === commandId);
		if (open === undefined) return;
		left = left.filter(({ id }) => id !== commandId);
		finish(commandId, open.target, outcome);
		tell();
	}

	/** Once: what goes on is settled by whoever does it. */
	function settleInterrupted(): void {
		const interrupted = left;
		left = [];
		for (const command of interrupted) {
			const outcome = command.restarting
				? { outcome: 'done' as const, because: null }
				: (acts.afterStop(command) ?? INTERRUPTED);
			if (outcome !== 'later') finish(command.id, command.target, outcome);
		}
	}

	return {
		isUsed: remoteCommands.isUsed,
		carryOut,
		settle,
		onSettled(listener) {
			tell = listener;
		},
		untold() {
			settleInterrupted();
			return remoteCommands
				.untold(LIMITS.commandsUntold)
				.map(({ id, outcome, because }) => ({ commandId: id, outcome: outcome as RemoteOutcome['outcome'], because }));
		},
		told: remoteCommands.told,
	};
}

const INTERRUPTED: RemoteOutcome = { outcome: 'unknown', because: 'the gateway stopped while it acted' };
