import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { Log } from '../../gateway/core/log.ts';
import type { HttpExchange } from '../ports/http-exchange.ts';
import { createLogLimit } from '../ports/http-push-failures.ts';
import type { PlateEvent } from '../push-camera/camera-event.ts';
import type { CameraTime } from '../push-camera/camera-time.ts';
import { type CatchUpPlace, encodePlace, parsePlace, plateCheck, type ToldPush } from './catch-up-place.ts';
import type { CatchUpConfig } from './config.ts';
import { decodePlateList, encodePlateQuery, type ListedPlate, plateQueryPath } from './plate-query.ts';

/** One passage has two times of the same clock: of its event, and of its picture. */
const SAME_PASSAGE_MS = 5_000;
/** From a change to its place being kept: who takes what was missed has written it by then, and pushes share one commit. */
const KEEP_AFTER_MS = 20_000;

/** Asks the camera now and then for plates whose pushes never came. */
export interface CatchUp {
	/** A push told this plate. */
	told(event: PlateEvent): void;
	/** `caughtUp`: plates no push had told. */
	measure(): Readonly<Record<'caughtUp' | 'catchUpFailures', number>>;
	begin(exchange: HttpExchange): Cancel;
}

/** Where the place is kept over restarts. */
export interface KeptPlace {
	get(): string | undefined;
	set(text: string): void;
}

export function createCatchUp(
	deps: { readonly clock: Clock; readonly log: Log; readonly place: KeptPlace },
	config: CatchUpConfig & { readonly timeZone: string },
	onMissed: (missed: readonly PlateEvent[]) => void,
): CatchUp {
	const { clock, log } = deps;
	const limitLog = createLogLimit(clock);
	const counts = { caughtUp: 0, catchUpFailures: 0 };
	const before: CatchUpPlace | undefined = parsePlace(deps.place.get());
	const told: ToldPush[] = [...(before?.told ?? [])];
	const known = new Set<string>(before?.names);
	/** Times of the list sort as text; it is asked from here on. */
	let cursor: string | undefined = before?.cursor;
	let cancelKeep: Cancel | undefined;

	function keepSoon(): void {
		cancelKeep ??= clock.after(KEEP_AFTER_MS, keep);
	}

	function keep(): void {
		cancelKeep?.();
		cancelKeep = undefined;
		if (cursor === undefined) return;
		const sinceMs = localMsOf(cursor) - SAME_PASSAGE_MS;
		deps.place.set(encodePlace({ cursor, names: [...known], told: told.filter(({ localMs }) => localMs >= sinceMs) }));
	}

	async function ask(exchange: HttpExchange): Promise<void> {
		const { host, port, login, channel } = config;
		const answer = await exchange({
			...{ host, port, login, method: 'POST', path: plateQueryPath(channel) },
			contentType: 'application/xml',
			body: encodePlateQuery(cursor ?? localDigits(clock.nowMs() - config.hours * 3_600_000, config.timeZone)),
		});
		if (answer.result === 'failed') return fail(answer.problem);
		if (answer.status !== 200)
			return fail(`${host} answers the plate query with ${answer.status}; has it plate lists?`);
		const list = decodePlateList(answer.body);
		if ('problem' in list) return fail(`${host} answers the plate query with what is no list: ${list.problem}`);
		take(list.plates);
	}

	function take(listed: readonly ListedPlate[]): void {
		const news = listed.filter(({ name }) => !known.has(name)).slice(0, LIMITS.pushDedupeKeys);
		for (const { name, time } of news) {
			known.add(name);
			const [oldest] = known;
			if (known.size > 2 * LIMITS.pushDedupeKeys && oldest !== undefined) known.delete(oldest);
			if (cursor === undefined || time > cursor) cursor = time;
		}
		const missed = news.filter((plate) => !wasTold(plate));
		counts.caughtUp += missed.length;
		if (missed.length > 0) onMissed(missed.map(toEvent));
		if (news.length > 0) keepSoon();
	}

	function wasTold({ plate, time }: ListedPlate): boolean {
		const localMs = localMsOf(time);
		const check = plateCheck(plate);
		return told.some((event) => event.check === check && Math.abs(event.localMs - localMs) <= SAME_PASSAGE_MS);
	}

	function fail(problem: string): void {
		counts.catchUpFailures += 1;
		limitLog(problem, (times) => log.warn({ problem, times }, 'missed plates could not be asked for'));
	}

	return {
		told({ plate, time }) {
			if (time === undefined) return;
			told.push({ check: plateCheck(plate), localMs: localMsOfTime(time, config.timeZone) });
			if (told.length > LIMITS.pushDedupeKeys) told.shift();
			if (cursor !== undefined) keepSoon();
		},
		measure: () => counts,
		begin(exchange) {
			let cancel: Cancel = () => undefined;
			let stopped = false;
			const plan = (delayMs: number) => {
				cancel = clock.after(delayMs, () => void round());
			};
			const round = async () => {
				await ask(exchange);
				if (!stopped) plan(config.everyMinutes * 60_000);
			};
			// Pushes that the camera still holds come first after a start.
			plan(Math.min(30_000, config.everyMinutes * 60_000));
			return () => {
				stopped = true;
				cancel();
				if (cancelKeep !== undefined) keep();
			};
		},
	};
}

/** Long past, whatever its time: the list tells what was, and nothing of it opens. */
function toEvent({ plate, time, name, direction, country }: ListedPlate): PlateEvent {
	return {
		...{ kind: 'plate', offset: 0, eventType: 'plate list', names: {}, historical: true },
		...{ plate, direction, key: name, pictures: [], raw: '' },
		// The list tells none.
		confidence: 0,
		...(country === undefined ? {} : { country }),
		time: { kind: 'local', asUtcMs: localMsOf(time) },
	};
}

/** `YYYYMMDDHHMMSSmmmm`: the last four are of a second. */
function localMsOf(time: string): number {
	const part = (from: number, length: number) => Number(time.slice(from, from + length));
	return Date.UTC(part(0, 4), part(4, 2) - 1, part(6, 2), part(8, 2), part(10, 2), part(12, 2), part(14, 3));
}

function localMsOfTime(time: CameraTime, timeZone: string): number {
	return time.kind === 'local' ? time.asUtcMs : localMsOf(localDigits(time.ms, timeZone));
}

function localDigits(atMs: number, timeZone: string): string {
	const zoned = Temporal.Instant.fromEpochMilliseconds(Math.round(atMs)).toZonedDateTimeISO(timeZone);
	return zoned.toPlainDateTime().toString({ fractionalSecondDigits: 4 }).replaceAll(/\D/g, '');
}
