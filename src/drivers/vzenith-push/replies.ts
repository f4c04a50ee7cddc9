import type { PushReply } from '../driver.ts';

/** `retransfer_stop`: some models store and send again what is answered without it. */
const RECEIVED = 'retransfer_stop';

function plateReply(fields: Readonly<Record<string, unknown>>): PushReply {
	const body = { Response_AlarmInfoPlate: { content: RECEIVED, ...fields } };
	return { status: 200, contentType: 'application/json', body: JSON.stringify(body) };
}

/** The camera pulses its relay, as long as it is set to: firmwares differ in whether `ok` must stand with `is_pay`. */
export function openReply(relay: number): PushReply {
	return plateReply({ info: 'ok', is_pay: 'true', channelNum: relay });
}

export const DENIED = plateReply({ info: 'no', is_pay: 'false' });

/** The camera sends the next of its buffered records when it hears the number of the last. */
export function offlineReply(plateid: number): PushReply {
	return plateReply({ info: 'no', is_pay: 'false', ContinuePushOffline: { plateid, continue: 1 } });
}
