import type { Cancel, Clock } from '../../core/clock.ts';
import {
	type ConfigurationState,
	withTrialKept,
	withTrialReverted,
} from '../../core/configuration/configuration-state.ts';
import {
	startTrial,
	stepTrial,
	type TrialInput,
	type TrialMissing,
	type TrialState,
	whatIsMissing,
} from '../../core/configuration/configuration-trial.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { GatewayHealth, KeepAnswer, TrialView } from './configuration-view.ts';

interface TrialWatchDeps {
	readonly clock: Clock;
	readonly log: Log;
	readonly state: () => ConfigurationState;
	/** Version of gateway.yaml. */
	readonly file: () => string;
	readonly gateway: () => { health(): GatewayHealth } | undefined;
	/** Throws STORE_*. */
	readonly commit: (next: ConfigurationState) => void;
	readonly commitIfPossible: (next: ConfigurationState) => void;
	readonly startAnew: () => void;
}

export interface TrialWatch {
	/** The trial is on the disk and the gateway about to start anew with it. */
	begin(withinMs: number): void;
	/** A gateway runs. */
	attached(): void;
	startFailed(problem: string): void;
	/** `is`: whether it is the one on trial. */
	keep(is: (version: string | null) => boolean): KeepAnswer;
	giveUp(is: (version: string | null) => boolean, by: string): KeepAnswer;
	view(): TrialView | null;
	/** Looks no more. */
	forget(): void;
}

interface RunningTrial {
	machine: TrialState;
	/** As it was before the trial. */
	readonly before: GatewayHealth | undefined;
	/** Since when a revert waits for vehicles under way, monotonic. */
	revertingSinceMs: number | undefined;
}

/** Looks at the gateway while a configuration is on trial, and keeps or reverts it. */
export function createTrialWatch(deps: TrialWatchDeps): TrialWatch {
	const { clock, log } = deps;
	let running: RunningTrial | undefined;
	let cancel: Cancel = () => undefined;

	function forget(): void {
		cancel();
		running = undefined;
	}

	function plan(): void {
		cancel();
		if (running !== undefined) cancel = clock.after(LIMITS.trialLookMs, look);
	}

	function look(): void {
		const gateway = deps.gateway();
		if (running !== undefined && gateway !== undefined) {
			dispatch({ kind: 'seen', missing: missing(running.before, gateway.health()) });
		} else dispatch({ kind: 'tick' });
		plan();
	}

	function dispatch(input: TrialInput): void {
		if (running === undefined) return;
		running.machine = stepTrial(running.machine, input, clock.monotonicMs());
		if (running.machine.phase === 'kept') keepNow();
		else if (running.machine.phase === 'reverting') revertWhenQuiet(running);
	}

	function keepNow(): void {
		const { trial } = deps.state();
		try {
			deps.commit(withTrialKept(deps.state(), deps.file(), clock.nowMs()));
		} catch (error) {
			log.error({ err: error }, 'a configuration could not be kept, as the store does not take it');
			// What is not on the disk is not kept.
			if (running !== undefined) {
				const because = 'it could not be written that it is kept';
				running.machine = { ...running.machine, phase: 'reverting', because };
				revertWhenQuiet(running);
			}
			return;
		}
		log.info({ version: trial?.version ?? 'gateway.yaml' }, 'the configuration on trial is kept');
		forget();
	}

	/** Without a gateway whoever starts it takes what is the target then. */
	function revertWhenQuiet(trial: RunningTrial): void {
		const health = deps.gateway()?.health();
		trial.revertingSinceMs ??= clock.monotonicMs();
		const waited = clock.monotonicMs() - trial.revertingSinceMs;
		if (health !== undefined && health.fire.length > 0) return;
		if (health !== undefined && health.disturbed.length > 0 && waited < LIMITS.trialQuietMs) return;
		const because = trial.machine.because ?? '';
		log.warn({ because }, 'the configuration on trial is reverted');
		deps.commitIfPossible(withTrialReverted(deps.state(), because, clock.nowMs()));
		forget();
		if (health !== undefined) deps.startAnew();
	}

	function onTrial(is: (version: string | null) => boolean): RunningTrial | undefined {
		const { trial } = deps.state();
		return trial !== null && is(trial.version) ? running : undefined;
	}

	return {
		begin(withinMs) {
			running = {
				machine: startTrial(clock.monotonicMs(), withinMs),
				before: deps.gateway()?.health(),
				revertingSinceMs: undefined,
			};
			plan();
		},
		attached() {
			dispatch({ kind: 'started' });
			if (running !== undefined) look();
		},
		startFailed: (problem) => dispatch({ kind: 'startFailed', problem }),
		keep(is) {
			const trial = onTrial(is);
			if (trial === undefined) return NOT_ON_TRIAL;
			dispatch({ kind: 'confirmed' });
			const { phase, because } = trial.machine;
			if (phase === 'reverting') return { result: 'refused', problem: `it is being reverted: ${because}` };
			return { result: 'noted', waitsFor: phase === 'kept' ? null : (whatIsMissing(trial.machine) ?? null) };
		},
		giveUp(is, by) {
			if (onTrial(is) === undefined) return NOT_ON_TRIAL;
			dispatch({ kind: 'givenUp', because: `${by} ended the trial` });
			return { result: 'noted', waitsFor: null };
		},
		view() {
			const { trial } = deps.state();
			if (trial === null) return null;
			const { withinMs, ...told } = trial;
			const waitsFor =
				running === undefined ? null : (running.machine.because ?? whatIsMissing(running.machine) ?? null);
			return { ...told, endsAtMs: trial.startedAtMs + withinMs, waitsFor };
		},
		forget,
	};
}

const NOT_ON_TRIAL = { result: 'refused', problem: 'it is not on trial' } as const;

/** What was there before the trial and is not now. */
function missing(before: GatewayHealth | undefined, now: GatewayHealth): TrialMissing {
	const online = new Set(before?.devices.flatMap(({ id, isOnline }) => (isOnline ? [id] : [])));
	return {
		link: before?.linkUp === true && now.linkUp === false,
		unready: now.unready.filter((cause) => before?.unready.includes(cause) !== true),
		devices: now.devices.filter(({ id, isOnline }) => !isOnline && online.has(id)).map(({ id }) => id),
	};
}
