import type { MessagePort } from 'node:worker_threads';
import { GatewayError } from '../core/gateway-error.ts';
import type { ThreadAsk, ThreadReply } from './thread-client.ts';

/** What a thread does with each command. */
export type ThreadHandlers<Commands> = {
	readonly [C in keyof Commands]: Commands[C] extends { readonly ask: infer Ask; readonly answer: infer Answer }
		? (ask: Ask) => Answer | Promise<Answer>
		: never;
};

/** The thread's side of a `ThreadClient`, until it is told to close. */
export function serveThread<Commands>(port: MessagePort, handlers: ThreadHandlers<Commands>): void {
	// The client's types say which ask goes with which command; messages have forgotten it.
	const byName = handlers as unknown as Readonly<Record<string, (ask: unknown) => unknown>>;
	const reply = (message: ThreadReply) => port.postMessage(message);
	port.on('message', async ({ id, command, ask }: ThreadAsk) => {
		try {
			reply({ id, answer: await byName[command]?.(ask) });
		} catch (error) {
			const { code, message } =
				error instanceof GatewayError ? error : new GatewayError('INTERNAL', String(error), { cause: error });
			reply({ id, error: { code, message } });
		}
		if (command === 'close') port.close();
	});
}
