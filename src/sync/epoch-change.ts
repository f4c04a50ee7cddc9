import type { Log } from '../gateway/core/log.ts';
import type { OutboxSource } from './outbox.ts';
import type { SessionInput } from './session.ts';
import type { UpstreamOutput } from './upstream-state.ts';

type StartEpoch = Extract<UpstreamOutput, { do: 'startEpoch' }>;

/** Begins a new epoch when central and this gateway remember different pasts, and tells the machine. */
export interface EpochChange {
	begin(asked: StartEpoch): void;
	/** Settles when none is under way; never rejects. */
	settled(): Promise<void>;
}

export function createEpochChange(deps: {
	readonly outbox: Pick<OutboxSource, 'startEpoch' | 'epochs'>;
	readonly log: Log;
	readonly dispatch: (input: SessionInput) => void;
}): EpochChange {
	const { outbox, log, dispatch } = deps;
	let running: Promise<void> = Promise.resolve();

	async function change({ reason, from }: StartEpoch): Promise<void> {
		try {
			const gatewayEpoch = await outbox.startEpoch(reason, from);
			log.warn({ reason, gatewayEpoch, before: from.gatewayEpoch, agreedSeq: from.seq }, 'a new gateway epoch began');
			dispatch({ kind: 'epochStarted', epochs: outbox.epochs() });
		} catch (error) {
			log.error({ err: error, reason }, 'a new gateway epoch could not be begun; it is tried again');
			dispatch({ kind: 'upstream', input: { kind: 'epochFailed' } });
		}
	}

	return {
		begin(asked) {
			running = change(asked);
		},
		settled: () => running,
	};
}
