import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { EvidenceImage } from '../../gateway/core/observation.ts';
import type { HttpExchange } from '../ports/http-exchange.ts';
import type { CameraEvent } from '../push-camera/camera-event.ts';
import type { RecognizerConfig } from './config.ts';
import { decodeRecognition, type Recognition, recognitionQuestion } from './recognition.ts';
import type { StillTaker } from './still-taker.ts';

/** Looks for the plate of the vehicle that stands in front of the camera, still by still. */
export interface PlateSearch {
	/** @returns it is gone. */
	begin(): Cancel;
	stop(): void;
	measure(): Readonly<Record<'asked' | 'engineFailures', number>>;
}

export interface PlateSearchDeps {
	readonly clock: Clock;
	readonly config: RecognizerConfig;
	readonly stills: Pick<StillTaker, 'take'>;
	readonly exchange: HttpExchange;
	readonly randomBytes: (length: number) => Uint8Array;
	readonly onEvent: (event: CameraEvent) => void;
	/** How the engine answered; undefined: well. */
	readonly onAnswer: (problem: string | undefined) => void;
}

interface Visit {
	isHere: boolean;
}

const NO_PLATE: CameraEvent = {
	...{ kind: 'noPlate', offset: 0, eventType: 'recognition', names: {}, historical: false },
};

export function createPlateSearch(deps: PlateSearchDeps): PlateSearch {
	const { clock, config, stills } = deps;
	const counts = { asked: 0, engineFailures: 0 };
	let current: Visit | undefined;
	/** Engines take one picture after the other. */
	let lastAsked: Promise<unknown> = Promise.resolve();

	function ask(visit: Visit, picture: EvidenceImage): Promise<Recognition | undefined> {
		const asked = lastAsked.then(async (): Promise<Recognition | undefined> => {
			if (!visit.isHere) return undefined;
			counts.asked += 1;
			const boundary = Buffer.from(deps.randomBytes(12)).toString('hex');
			const answer = await deps.exchange(recognitionQuestion(config, picture.bytes, `parkgate-${boundary}`));
			if (answer.result === 'failed') return { problem: answer.problem };
			if (answer.status < 200 || answer.status > 299) return { problem: `${config.url} answers ${answer.status}` };
			const recognition = decodeRecognition(config, answer.body);
			return 'problem' in recognition ? { problem: `${config.url}: ${recognition.problem}` } : recognition;
		});
		lastAsked = asked;
		return asked;
	}

	/** @returns whether the search is over. */
	async function look(visit: Visit, seen: { plates: number; answers: number }): Promise<boolean> {
		const picture = await stills.take(clock.monotonicMs());
		if (picture === undefined || !visit.isHere) return !visit.isHere;
		const recognition = await ask(visit, picture);
		if (recognition === undefined) return true;
		if ('problem' in recognition) {
			counts.engineFailures += 1;
			deps.onAnswer(recognition.problem);
			return false;
		}
		deps.onAnswer(undefined);
		seen.answers += 1;
		const { plate } = recognition;
		if (plate === undefined) return false;
		seen.plates += 1;
		// It left while the engine thought: whoever stands there now is another.
		deps.onEvent({ ...plate, historical: !visit.isHere, pictures: [picture] });
		return plate.confidence >= config.enough;
	}

	async function search(visit: Visit): Promise<void> {
		const seen = { plates: 0, answers: 0 };
		for (let still = 0; still < config.stills && visit.isHere; still += 1) {
			if (still > 0) await new Promise<void>((resolve) => void clock.after(LIMITS.stillAgainMs, resolve));
			if (!visit.isHere || (await look(visit, seen))) break;
		}
		if (seen.answers > 0 && seen.plates === 0) deps.onEvent(NO_PLATE);
	}

	const leave = (visit: Visit | undefined) => {
		if (visit !== undefined) visit.isHere = false;
	};

	return {
		begin() {
			leave(current);
			const visit = { isHere: true };
			current = visit;
			search(visit).catch((error: unknown) => deps.onAnswer(`plates could not be looked for: ${String(error)}`));
			return () => leave(visit);
		},
		stop: () => leave(current),
		measure: () => counts,
	};
}
