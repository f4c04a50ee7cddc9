import type { MessageOf } from '../envelope.ts';
import type { IncomingMessage } from '../link.ts';
import type { CentralParts } from './central-parts.ts';
import type { Asker } from './central-session.ts';
import { answerDigest } from './digest-answers.ts';
import type { MutationAnswer } from './mutation-intake.ts';

/** One message of a site; what does not fit is counted and dropped. */
export function receive(parts: CentralParts, incoming: IncomingMessage): void | Promise<void> {
	const message = parts.gate.take(incoming)?.message;
	if (message === undefined) return;
	if (message.type === 'centralState') {
		hearCentral(parts, message);
		return;
	}
	const { site, gatewayEpoch, link } = message;
	if (site === null || gatewayEpoch === null) {
		parts.gate.refuse('site', incoming, 'no site or no history of one');
		return;
	}
	const asker: Asker = { site, gatewayEpoch, link };
	// What the broker kept is as old as its sender says.
	const atMs = incoming.retained ? Math.min(message.ts, parts.clock.nowMs()) : parts.clock.nowMs();
	parts.register.seen(site, atMs);
	parts.reports.note(site, message, atMs);
	switch (message.type) {
		case 'birth': {
			const { version, configuration, streams } = message.body;
			// What the broker kept is from before what came since.
			if (!incoming.retained) parts.unusable.mended(site, streams);
			if (link !== null) parts.register.born(site, { gatewayEpoch, link, version }, parts.clock.nowMs());
			if (configuration !== null) parts.commands.born(site, configuration);
			return;
		}
		case 'will':
			if (link !== null) parts.register.left(site, link);
			return;
		case 'events':
			return parts.intake.take({ site, gatewayEpoch, body: message.body });
		case 'resume':
			// Another central may have changed something since we last looked.
			parts.teller.look();
			parts.unusable.mended(site, message.body.streams);
			parts.machine.dispatch({
				kind: 'resume',
				asker,
				id: message.id,
				streams: message.body.streams,
				cursor: parts.events.cursor(site, gatewayEpoch, message.body.ackedSeq),
				earlier: message.body.earlier.map((epoch) => parts.events.cursor(site, epoch.gatewayEpoch, epoch.ackedSeq)),
			});
			answerEdits(parts, asker, parts.mutations.answersTo(site, message.body.pending));
			return;
		case 'snapshotRequest':
			offerSnapshot(parts, asker, message, incoming);
			return;
		case 'chunkRequest':
			sendChunk(parts, asker, message);
			return;
		case 'digestRequest':
			for (const answer of answerDigest(parts.streams, message.body))
				parts.link.send({ to: 'site', channel: 'down/data', ...asker }, 'digestAnswer', answer);
			return;
		case 'mailOffer':
			parts.mails.offered(asker, message.body.mails);
			return;
		case 'letter':
			parts.mails.lettered(asker, message.body);
			return;
		case 'challenge':
			parts.commands.challenged(site, link, message.body);
			return;
		case 'commandReport':
			parts.commands.reported(site, message.body);
			return;
		case 'commandResult':
			parts.commands.answered(site, message.body);
			return;
		case 'heartbeat':
			parts.unusable.mended(site, message.body.streams);
			return;
		case 'nack':
			noteUnusable(parts, asker, message, incoming);
			return;
		default:
			parts.gate.refuse('type', incoming, `${message.type} is for sites`);
	}
}

/** Another central came or went; sites should know of the one that leads. */
function hearCentral({ leadership, link }: CentralParts, { link: other, body }: MessageOf<'centralState'>): void {
	const mine = leadership.link();
	if (mine === undefined || other === null || other === mine) return;
	const led = leadership.leads();
	if (body.state === 'offline') leadership.gone(other);
	// Who leads only now has said so.
	if (led && leadership.check()) link.send({ to: 'everyone', link: mine }, 'centralState', { state: 'online' });
}

/** What a site changed reaches all sites of the stream, and the site hears what became of it. */
export function takeEdits(parts: CentralParts, site: string, gatewayEpoch: string): void {
	let taken = parts.mutations.take(site, gatewayEpoch);
	for (;;) {
		for (const delta of taken.deltas) parts.teller.look(delta);
		answerEdits(parts, { site, gatewayEpoch, link: null }, taken.answers);
		if (!taken.more) return;
		taken = parts.mutations.take(site, gatewayEpoch);
	}
}

function answerEdits({ link }: CentralParts, asker: Asker, answers: readonly MutationAnswer[]): void {
	if (answers.length === 0) return;
	link.send({ to: 'site', channel: 'down/data', ...asker }, 'mutationAnswers', { answers: [...answers] });
}

function noteUnusable(
	parts: CentralParts,
	{ site, gatewayEpoch }: Asker,
	{ body }: MessageOf<'nack'>,
	incoming: IncomingMessage,
): void {
	if (!isKnown(parts, body.stream)) parts.gate.refuse('malformed', incoming, 'a stream that central does not have');
	// One of an earlier history of the site says nothing of what is there now.
	else if (parts.reports.get(site)?.gatewayEpoch === gatewayEpoch) parts.unusable.told(site, body);
}

function isKnown({ streams }: CentralParts, name: string): boolean {
	return streams.heads().some(({ stream }) => stream === name);
}

function offerSnapshot(
	parts: CentralParts,
	asker: Asker,
	{ body }: MessageOf<'snapshotRequest'>,
	incoming: IncomingMessage,
): void {
	if (!isKnown(parts, body.stream)) {
		parts.gate.refuse('malformed', incoming, 'a stream that central does not have');
		return;
	}
	parts.snapshots.offer(body).then(
		(manifest) => {
			if (manifest === undefined) return;
			// What is one message, or nothing, costs no more than to be told to wait.
			if (manifest.chunks.length > 1 && mustWait(parts, asker, body.stream)) return;
			parts.link.send({ to: 'site', channel: 'down/data', ...asker }, 'manifest', manifest);
		},
		(error: unknown) => parts.log.error({ err: error, stream: body.stream }, 'a snapshot could not be made'),
	);
}

/** Enough other sites are served: this one is told when to ask again. */
function mustWait({ slots, link }: CentralParts, asker: Asker, stream: string): boolean {
	const retryAfterMs = slots.admit(asker.site);
	if (retryAfterMs > 0)
		link.send({ to: 'site', channel: 'down/data', ...asker }, 'snapshotWait', { stream, retryAfterMs });
	return retryAfterMs > 0;
}

function sendChunk(parts: CentralParts, asker: Asker, { body }: MessageOf<'chunkRequest'>): void {
	const address = { to: 'site', channel: 'down/data', ...asker } as const;
	const chunk = parts.snapshots.chunk(body.snapshotId, body.index);
	if (chunk?.isOnly !== true && mustWait(parts, asker, body.stream)) return;
	if (chunk?.isLast) parts.slots.leaving(asker.site);
	if (chunk !== undefined) parts.link.forward(address, chunk.payload, chunk.contentType);
	else parts.link.send(address, 'snapshotGone', { stream: body.stream, snapshotId: body.snapshotId });
}
