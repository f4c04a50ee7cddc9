import { LIMITS } from '../../gateway/core/limits.ts';
import type { CentralParts } from './central-parts.ts';
import type { CentralOutput } from './central-session.ts';

/** Carries out what the machine asks for. */
export function perform(
	{ link, leadership, streams, toldAhead, onLeaving }: CentralParts,
	output: CentralOutput,
): void {
	switch (output.do) {
		case 'openLink':
			link.open();
			return;
		case 'closeLink': {
			const isLeading = leadership.leads();
			// Before the goodbye: who hears it takes over at once.
			leadership.leave();
			onLeaving(link.close(isLeading));
			return;
		}
		case 'sendState':
			if (!leadership.leads()) return;
			link.send({ to: 'everyone', link: output.link }, 'centralState', { state: 'online' });
			return;
		case 'sendHead':
			if (!leadership.leads()) return;
			link.send({ to: 'stream', stream: output.head.stream, channel: 'head' }, 'head', output.head);
			return;
		case 'sendAck': {
			const { site, gatewayEpoch, ack } = output;
			link.send({ to: 'site', site, gatewayEpoch, link: null, channel: 'down/ack' }, 'ack', ack);
			return;
		}
		case 'sendResumed':
			link.send({ to: 'site', channel: 'down/data', ...output.asker }, 'resumed', output.body);
			return;
		case 'sendAhead': {
			const { asker, head } = output;
			const { stream } = head;
			// The last word on a row first: what it takes back again takes nothing away.
			for (const delta of streams.deltas(stream, toldAhead.from(asker, head), LIMITS.changesAhead).toReversed())
				link.send({ to: 'site', channel: 'down/data', ...asker }, 'delta', delta);
			return;
		}
		case 'sendDeltas':
			for (const delta of streams.deltas(output.stream, output.from, LIMITS.deltasPerAnswer))
				link.send({ to: 'site', channel: 'down/data', ...output.asker }, 'delta', delta);
			return;
		case 'sendLiveDelta': {
			if (!leadership.leads()) return;
			const { stream } = output.delta;
			link.send({ to: 'stream', stream, channel: 'delta' }, 'delta', output.delta);
		}
	}
}

/** A broker that restarted empty, or another central that was cut short, leaves sites without a word. */
export function announce({ link, streams, teller }: CentralParts, id: string): void {
	link.send({ to: 'everyone', link: id }, 'centralState', { state: 'online' });
	const heads = streams.heads();
	for (const head of heads) link.send({ to: 'stream', stream: head.stream, channel: 'head' }, 'head', head);
	teller.heads(heads);
}
