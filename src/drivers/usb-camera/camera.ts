import type { Cancel } from '../../gateway/core/clock.ts';
import type { Device } from '../../gateway/core/device.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { StillCamera, StillDeps } from '../driver.ts';
import { createLogLimit } from '../ports/http-push-failures.ts';
import { createPushStatus } from '../ports/http-push-status.ts';
import { createCameraIntake } from '../push-camera/camera-intake.ts';
import type { RecognizerConfig, UsbCameraConfig } from './config.ts';
import { createPlateSearch, type PlateSearch } from './plate-search.ts';
import { createStillTaker, freshEnough } from './still-taker.ts';

const AWAITING = 'not yet asked for a picture';
const FIRST_RETRY_MS = 2_000;

/** One USB camera: stills when they are asked for, and plates where an engine reads them. */
export function createUsbCamera(deps: StillDeps, config: UsbCameraConfig): StillCamera {
	const { clock } = deps;
	const log = deps.log.child({ deviceId: config.id });
	const limitLog = createLogLimit(clock);
	const counts = { stills: 0, stillFailures: 0 };
	const problems: { camera?: string | undefined; engine?: string | undefined } = {};
	let failedInARow = 0;

	const stills = createStillTaker({
		...{ clock, takeStill: deps.takeStill, onEnd: onStill },
		question: {
			...{ device: config.port, format: config.format, skipFrames: config.skipFrames },
			...{ widthPx: config.size.width, heightPx: config.size.height },
		},
	});
	const measure = () => ({ ...counts, ...search?.measure() });
	const face = createFace(deps, config, measure);
	const search = config.recognizer && searchBy(config.recognizer);

	function searchBy(recognizer: RecognizerConfig): PlateSearch {
		return createPlateSearch({
			...{ clock, stills, exchange: deps.exchange, randomBytes: deps.randomBytes, config: recognizer },
			onEvent: (event) => {
				face.take([event]);
				tellState();
			},
			onAnswer(problem) {
				if (problem !== undefined)
					limitLog(problem, (times) => log.warn({ problem, times }, 'a still could not be read; lanes go on by tag'));
				problems.engine = problem;
				tellState();
			},
		});
	}

	function onStill(problem: string | undefined): void {
		problems.camera = problem;
		failedInARow = problem === undefined ? 0 : failedInARow + 1;
		if (problem === undefined) {
			counts.stills += 1;
			face.seen();
		} else {
			counts.stillFailures += 1;
			limitLog(problem, (times) => log.warn({ problem, times }, 'no still could be taken'));
		}
		tellState();
	}

	function tellState(): void {
		const { camera, engine } = problems;
		if (camera !== undefined) face.become('offline', camera);
		else if (engine !== undefined) face.become('faulted', `plates are not read: ${engine}`);
		else face.become('online');
	}

	/** Nobody may need it for days: that it is dead is known before. */
	function check(): Cancel {
		let cancel: Cancel = () => undefined;
		const plan = (delayMs: number) => {
			cancel = clock.after(delayMs, () => void round());
		};
		const round = async () => {
			const nowMs = clock.monotonicMs();
			const sinceMs = nowMs - (stills.lastTriedMs() ?? Number.NEGATIVE_INFINITY);
			if (failedInARow > 0 || sinceMs >= LIMITS.stillCheckMs) await stills.take(nowMs);
			plan(
				failedInARow === 0
					? LIMITS.stillCheckMs
					: Math.min(LIMITS.reopenDelayMs, FIRST_RETRY_MS * 2 ** Math.min(failedInARow - 1, 8)),
			);
		};
		plan(0);
		return () => cancel();
	}

	const device: Device = {
		id: config.id,
		status: face.status,
		takesStills: {
			still: () => stills.take(freshEnough(clock.monotonicMs())),
			...(search && { vehicleCame: search.begin }),
		},
	};
	return {
		device,
		begin() {
			const endCheck = check();
			return () => {
				endCheck();
				search?.stop();
				stills.stop();
			};
		},
	};
}

/** What is shown of it; a camera whose plates are read is looked at as any other that reads plates. */
function createFace(deps: StillDeps, config: UsbCameraConfig, measure: () => Readonly<Record<string, number>>) {
	const vendor = 'USB camera';
	if (config.recognizer !== undefined) {
		const intake = createCameraIntake(
			deps,
			{ id: config.id, driver: config.driver },
			{
				...{ vendor, heardAt: { address: config.port, awaiting: AWAITING }, capabilities: ['takes stills'], measure },
			},
		);
		return { ...intake, seen: () => undefined };
	}
	const status = createPushStatus(
		deps.clock,
		{
			...{ id: config.id, driver: config.driver, address: config.port, awaiting: AWAITING, vendor },
			capabilities: ['takes stills'],
		},
		() => ({ statistics: measure(), inputs: {} }),
		deps.events.onStatus,
	);
	return { ...status, take: () => undefined };
}
