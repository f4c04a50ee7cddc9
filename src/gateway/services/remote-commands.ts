import type { Clock } from '../core/clock.ts';
import { LIMITS } from '../core/limits.ts';
import type { Log } from '../core/log.ts';
import type { SiteStore } from '../store/site-store.ts';
import type { Lanes, ModeChange } from './lanes/lane-view.ts';

/** What central may ask of a site; `target`: a lane. */
export interface RemoteCommand {
	readonly commandId: string;
	readonly op: 'vend' | 'hold' | 'close' | 'lockdown' | 'release';
	readonly target: string;
	readonly reason: string;
	/** Who asked, at central. */
	readonly by: string;
	readonly untilMs: number | null;
}

export interface RemoteResult {
	readonly commandId: string;
	readonly outcome: 'done' | 'refused' | 'expired' | 'failed' | 'unknown';
	readonly because: string | null;
}

/**
 * Carries central's commands out, each once: its intent is committed, then its time is looked at a last time, then it
 * acts, then its result is committed. One that a stop interrupted is `unknown` and never tried again.
 */
export interface RemoteCommands {
	isUsed(commandId: string): boolean;
	/** `actUntilMs`, monotonic. Never rejects. */
	carryOut(command: RemoteCommand, actUntilMs: number): Promise<RemoteResult>;
	/** Those that the last stop interrupted, each told once. */
	interrupted(): readonly RemoteResult[];
}

/** Whose doing it is in the journal: an operator of central, named in the reason's entry. */
export const CENTRAL_OPERATOR = 'central';

export function createRemoteCommands(deps: {
	readonly store: Pick<SiteStore, 'remoteCommands' | 'journal' | 'transaction'>;
	readonly lanes: Pick<Lanes, 'get' | 'vend' | 'changeMode'>;
	readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
	readonly newId: () => string;
	readonly log: Log;
	readonly journalGrew: () => void;
}): RemoteCommands {
	const { store, lanes, clock, newId, log, journalGrew } = deps;
	const left = [...store.remoteCommands.unfinished()];

	function audit(action: string, target: string, detail: Readonly<Record<string, string | null>>): void {
		const about = { operatorId: CENTRAL_OPERATOR, action, target, detail };
		store.journal.append({ type: 'audit', class: 'audit', id: newId(), atMs: clock.nowMs(), ...about });
	}

	function begin({ commandId, op, target, reason, by }: RemoteCommand): void {
		store.transaction(() => {
			store.remoteCommands.begin(commandId, clock.nowMs(), LIMITS.commandsKept);
			audit('remoteCommand', target, { commandId, op, by, reason });
		});
	}

	function finish(result: RemoteResult, target: string): RemoteResult {
		const { commandId, outcome, because } = result;
		store.transaction(() => {
			store.remoteCommands.finish(commandId, outcome);
			audit('remoteCommandResult', target, { commandId, outcome, because });
		});
		journalGrew();
		return result;
	}

	async function act(command: RemoteCommand, actUntilMs: number): Promise<Omit<RemoteResult, 'commandId'>> {
		const { op, target: laneId, reason, untilMs } = command;
		if (lanes.get(laneId) === undefined) return { outcome: 'refused', because: `there is no lane ${laneId}` };
		const by = { laneId, operatorId: CENTRAL_OPERATOR, reason };
		if (op === 'vend') {
			const answer = await lanes.vend({ ...by, deadlineMonotonicMs: actUntilMs });
			switch (answer.result) {
				case 'opened':
					return { outcome: 'done', because: null };
				case 'refused':
					return { outcome: 'refused', because: answer.because };
				case 'failed':
				case 'unknown':
				case 'expired':
					return { outcome: answer.result, because: answer.problem };
			}
		}
		const change: ModeChange = op;
		const answer = await lanes.changeMode({ ...by, change, untilMs, mayCloseExits: false });
		return answer.result === 'changed'
			? { outcome: 'done', because: null }
			: { outcome: 'refused', because: answer.because };
	}

	async function carryOut(command: RemoteCommand, actUntilMs: number): Promise<RemoteResult> {
		const { commandId, target } = command;
		try {
			begin(command);
			// The disk may have taken its time.
			if (clock.monotonicMs() > actUntilMs) {
				return finish({ commandId, outcome: 'expired', because: 'the store took too long' }, target);
			}
			return finish({ commandId, ...(await act(command, actUntilMs)) }, target);
		} catch (error) {
			log.error({ err: error, commandId }, 'a command of central could not be carried out');
			const because = error instanceof Error ? error.message.slice(0, LIMITS.reasonLength) : null;
			return { commandId, outcome: 'unknown', because };
		}
	}

	return {
		isUsed: (commandId) => store.remoteCommands.isUsed(commandId),
		carryOut,
		interrupted: () =>
			left
				.splice(0)
				.map((commandId) =>
					finish({ commandId, outcome: 'unknown', because: 'the gateway stopped while it acted' }, commandId),
				),
	};
}
