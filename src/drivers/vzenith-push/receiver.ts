import type { DriverDeps, HeldAnswer, PushReceiver, PushReply } from '../driver.ts';
import type { CameraEvent, PlateEvent } from '../push-camera/camera-event.ts';
import { createCameraIntake } from '../push-camera/camera-intake.ts';
import { decodeJsonDocuments, serialIdentity } from '../push-camera/json-camera.ts';
import { type JsonDocument, type JsonProblem, readJsonPush } from '../push-camera/json-push.ts';
import { createAnswerGate } from './answer-gate.ts';
import type { VzenithConfig } from './config.ts';
import { offlineRecordOf, readVzenithEvent } from './event.ts';
import { DENIED, offlineReply } from './replies.ts';

/** The gateway's side of one camera; with `outputs:` it is a barrier, too. */
export function createVzenithReceiver(deps: DriverDeps, config: VzenithConfig): PushReceiver {
	const gate = config.outputs === undefined ? undefined : createAnswerGate(deps.clock, config.outputs);
	/** Of the push that is being taken in. */
	let answer: HeldAnswer | undefined;
	let isHeld = false;
	const wait = (event: PlateEvent, how: 'hold' | 'resume') => {
		if (gate === undefined || answer === undefined || event.historical) return;
		isHeld = true;
		gate[how](event.key ?? `plate ${event.plate}`, answer, event.key !== undefined);
	};
	const intake = createCameraIntake(deps, config, {
		vendor: 'Vzenith',
		...serialIdentity(config),
		...(gate === undefined ? {} : { capabilities: ['opens'], measure: gate.counts }),
		onRead: (event) => wait(event, 'hold'),
		onRepeated: (event) => wait(event, 'resume'),
	});
	const decode = (documents: readonly (JsonDocument | JsonProblem)[]) =>
		decodeJsonDocuments({ read: readVzenithEvent }, config, documents);

	return {
		device: {
			...{ id: config.id, status: intake.status },
			...(gate === undefined ? {} : { opens: { pulse: gate.pulse } }),
		},
		handle({ body, headers }) {
			const documents = readJsonPush(body, headers.get('content-type'));
			const events = decode(documents);
			intake.take(events);
			return replyTo(documents, events);
		},
		handleHeld({ body, headers }, held) {
			const documents = readJsonPush(body, headers.get('content-type'));
			const events = decode(documents);
			answer = held;
			isHeld = false;
			try {
				// The lanes hear of a read within this: its answer waits before they do.
				intake.take(events);
			} finally {
				answer = undefined;
			}
			if (!isHeld) held.send(replyTo(documents, events));
		},
	};
}

/** What needs no decision; in doubt, and to every vehicle nobody waits for: denied. */
function replyTo(documents: readonly (JsonDocument | JsonProblem)[], events: readonly CameraEvent[]): PushReply {
	for (const document of documents) {
		const record = 'reason' in document ? undefined : offlineRecordOf(document.fields);
		if (record !== undefined) return offlineReply(record);
	}
	const isPlain = events.every(({ kind }) => kind === 'heartbeat' || kind === 'input' || kind === 'other');
	return isPlain ? { status: 200 } : DENIED;
}
