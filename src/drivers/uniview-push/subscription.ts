import { z } from 'zod';
import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import type { HttpAnswer, HttpExchange } from '../ports/http-exchange.ts';
import { sectionField, textField } from '../push-camera/json-fields.ts';
import type { Subscription } from './config.ts';

const SUBSCRIPTION_PATH = '/LAPI/V1.0/System/Event/Subscription';
/** A camera that refused or was not there is asked again after this. */
const RETRY_MS = 15_000;

const subscribed = z.object({ Response: sectionField({ Data: sectionField({ ID: textField }) }) });

/** Keeps one camera sending: subscribes, renews in time, and begins anew when the camera has forgotten. */
export interface Subscriber {
	begin(exchange: HttpExchange): Cancel;
	measure(): Readonly<Record<'subscriptions' | 'subscriptionFailures', number>>;
}

/** @param onProblem undefined: it is subscribed */
export function createSubscriber(
	clock: Clock,
	{ host, port, login, receiver, durationS }: Subscription,
	onProblem: (problem: string | undefined) => void,
): Subscriber {
	const counts = { subscriptions: 0, subscriptionFailures: 0 };
	let id: string | undefined;

	async function subscribe(exchange: HttpExchange): Promise<string | undefined> {
		const { address: IPAddress, port: Port } = receiver;
		const body = JSON.stringify({ AddressType: 0, IPAddress, Port, Duration: durationS });
		const answer = await exchange({ ...said, method: 'POST', path: SUBSCRIPTION_PATH, body });
		id = idIn(answer);
		if (id !== undefined) {
			counts.subscriptions += 1;
			return undefined;
		}
		return answer.result === 'failed' ? answer.problem : `${host} does not take the subscription (${answer.status})`;
	}

	async function renew(exchange: HttpExchange, known: string): Promise<boolean> {
		const body = JSON.stringify({ Duration: durationS });
		const answer = await exchange({ ...said, method: 'PUT', path: `${SUBSCRIPTION_PATH}/${known}`, body });
		return answer.result === 'answered' && answer.status === 200;
	}

	const said = { host, port, login, contentType: 'application/json' };

	/** @returns how long to wait */
	async function round(exchange: HttpExchange): Promise<number> {
		if (id !== undefined && (await renew(exchange, id))) return (durationS * 1_000) / 2;
		const problem = await subscribe(exchange);
		onProblem(problem);
		if (problem === undefined) return (durationS * 1_000) / 2;
		counts.subscriptionFailures += 1;
		return RETRY_MS;
	}

	return {
		measure: () => counts,
		begin(exchange) {
			let stopped = false;
			let cancel: Cancel = () => undefined;
			const next = async () => {
				const waitMs = await round(exchange);
				if (!stopped) cancel = clock.after(waitMs, () => void next());
			};
			void next();
			return () => {
				stopped = true;
				cancel();
			};
		},
	};
}

function idIn(answer: HttpAnswer): string | undefined {
	if (answer.result === 'failed' || answer.status !== 200) return undefined;
	const id = subscribed.safeParse(parseJson(answer.body)).data?.Response.Data.ID;
	return id !== undefined && /^[\w-]{1,64}$/.test(id) ? id : undefined;
}

function parseJson(body: Uint8Array): unknown {
	try {
		return JSON.parse(Buffer.from(body).toString('utf8'));
	} catch {
		return undefined;
	}
}
