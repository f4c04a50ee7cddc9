import { appendFileSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import type { MessageType } from '../../src/sync/envelope.ts';
import type { IncomingMessage, OpenLink, OutgoingMessage } from '../../src/sync/link.ts';
import { decodeMessage } from '../../src/sync/message-codec.ts';
import { holder } from './directory-bench.ts';
import { createSyncSite } from './sync-site.ts';

// A gateway that journals, edits and acts on commands until one message is about to be taken or sent, or was: there it kills
// itself as by −9. What its barrier did is written beside the store.
// Who is killed never does this at the end.
module.flushCompileCache();
const [dir = '', url = '', siteId = '', when = '', type = ''] = process.argv.slice(2);

function die(
	moment: 'before' | 'after',
	message: Pick<IncomingMessage | OutgoingMessage, 'topic' | 'payload' | 'contentType'>,
) {
	if (moment !== when) return;
	const decoded = decodeMessage(message.topic, message.payload, message.contentType);
	if (decoded.ok && decoded.message.type === (type as MessageType)) process.kill(process.pid, 'SIGKILL');
}

const watch =
	(openLink: OpenLink): OpenLink =>
	(options, events) => {
		const link = openLink(options, {
			...events,
			async onMessage(message) {
				die('before', message);
				await events.onMessage(message);
				die('after', message);
			},
		});
		return {
			...link,
			async publish(message) {
				die('before', message);
				const outcome = await link.publish(message);
				die('after', message);
				return outcome;
			},
		};
	};

const acted = (what: string) => appendFileSync(join(dir, 'acted'), `${what}\n`);
const site = createSyncSite({
	...{ broker: { url }, dir, site: siteId, willDelayS: 1, watch },
	lanes: {
		get: (id) => (id === 'L1' ? ({ id } as never) : undefined),
		async vend({ reason }) {
			acted(reason ?? '');
			return { result: 'opened', vendId: 'v1' };
		},
		changeMode: async () => ({ result: 'refused', because: 'noHoldOutput' }),
	},
});
site.sync.start();

let edited = 0;
setInterval(() => {
	const ids = site.append(3);
	appendFileSync(join(dir, 'committed'), `${ids.join('\n')}\n`);
	if (edited >= 3 || site.directory.reader.holder('anna') === undefined) return;
	const { result } = site.edits.edit([{ op: 'create', table: 'holders', row: holder(`${siteId}-${edited}`) }], {
		operatorId: 'op-1',
	});
	if (result === 'done') edited += 1;
}, 20);
