import { GatewayError } from '../../core/gateway-error.ts';

/** Rests between two looks at the store, until the gateway stops. */
export interface StoppableRest {
	/** Rejects once it was stopped, so that what is under way ends there and touches the store no more. */
	rest(): Promise<void>;
	isStopped(): boolean;
	stop(): void;
}

/** @param rest lets the lanes go first */
export function createStoppableRest(rest: () => Promise<void>): StoppableRest {
	const { promise: stopped, reject } = Promise.withResolvers<never>();
	stopped.catch(() => undefined);
	let isStopped = false;
	return {
		async rest() {
			await Promise.race([rest(), stopped]);
			// A rest that was over just before it was stopped.
			if (isStopped) await stopped;
		},
		isStopped: () => isStopped,
		stop() {
			isStopped = true;
			reject(new GatewayError('CONFLICT', 'the gateway stops'));
		},
	};
}
