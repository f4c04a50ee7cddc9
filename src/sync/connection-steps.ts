import type { Clock } from '../gateway/core/clock.ts';
import { STREAMS } from '../gateway/core/directory.ts';
import type { ConnectionStep } from '../gateway/services/connection-test.ts';
import type { BrokerProbes, Probed } from './broker-probes.ts';
import { composeMessage } from './compose-message.ts';
import type { BrokerAccess, IncomingMessage, Link, OutgoingMessage } from './link.ts';
import { accessProblem } from './link-problem.ts';
import { decodeMessage, JSON_CONTENT } from './message-codec.ts';
import { centralTopic, siteTopic } from './topics.ts';
import type { WatchedLinks } from './watched-links.ts';

/** From asking for a connection to CONNACK and SUBACK, the link's own deadline and a little. */
const LOGIN_MS = 20_000;
/** How long for an answer, and how long where central has not said that it is there. */
const ANSWER_MS = 10_000;
const CENTRAL_MS = 2_000;
/** What a broker has kept comes right behind its SUBACK. */
const FOREIGN_MS = 1_500;
/** No site's name: what is sent under it tells whether a site can speak for others. */
const NOBODY = 'connection-test';
const RULES = 'check its access rules (docs/sync.md, A broker of your own).';

export interface ConnectionTestDeps {
	readonly clock: Clock;
	readonly tenant: string;
	readonly site: string;
	/** As it is asked for before every connection. */
	readonly broker: () => BrokerAccess;
	/** The site's own links: a second client could only take the place of the first. */
	readonly links: WatchedLinks;
	/** Asks for a connection now, where there is none. */
	readonly connect: () => void;
	readonly gatewayEpoch: () => string;
	readonly newId: () => string;
	readonly probes?: BrokerProbes;
}

/** What the steps of one test share. */
export interface Testing extends ConnectionTestDeps {
	readonly probes: BrokerProbes;
	/** Set by `settings`. */
	access: BrokerAccess | undefined;
}

export const RUN_STEP: Readonly<Record<ConnectionStep, (testing: Testing) => Promise<Probed> | Probed>> = {
	settings,
	dns: ({ probes, access }) => (access === undefined ? lost() : probes.dns(access)),
	tcp: ({ probes, access }) => (access === undefined ? lost() : probes.tcp(access)),
	tls: ({ probes, access }) => (access === undefined ? lost() : probes.tls(access)),
	login,
	write: (testing) => over(testing, write),
	read: (testing) => over(testing, read),
	foreignWrite: (testing) => over(testing, foreignWrite),
	foreignRead: (testing) => over(testing, foreignRead),
};

function settings(testing: Testing): Probed {
	try {
		const access = testing.broker();
		const problem = accessProblem(access);
		if (problem !== undefined) return { result: 'failed', text: problem.text };
		testing.access = access;
		return { result: 'ok', text: `${access.url}, ${credentialsInWords(access)}.` };
	} catch (error) {
		return { result: 'failed', text: error instanceof Error ? error.message : String(error) };
	}
}

function credentialsInWords({ username, tls }: BrokerAccess): string {
	const names = [
		...(tls?.cert === undefined ? [] : ['with a client certificate']),
		...(username === undefined ? [] : [`as ${username}`]),
	];
	return names.length === 0 ? 'without a name or certificate' : names.join(' and ');
}

async function login({ links, connect, clock, tenant, site }: Testing): Promise<Probed> {
	if (links.current() !== undefined)
		return { result: 'ok', text: 'The site is connected; its own connection is tested.' };
	const attempt = links.next();
	connect();
	const ended = await within(clock, LOGIN_MS, attempt);
	if (ended === undefined)
		return { result: 'failed', text: 'No connection was tried; sync may be stopped, see the log of the gateway.' };
	return ended.result === 'up'
		? { result: 'ok', text: `The broker lets parkgate-${tenant}-${site} in.` }
		: { result: 'failed', text: ended.problem.text };
}

/** Runs over the link that is up. */
function over(testing: Testing, step: (testing: Testing, link: Link) => Promise<Probed>): Promise<Probed> | Probed {
	const link = testing.links.current();
	return link === undefined ? lost() : step(testing, link);
}

function lost(): Probed {
	return { result: 'failed', text: 'The connection was lost during the test; see the problem above the test.' };
}

/** Nobody reads anything out of an empty message. */
function emptyMessage(topic: string): OutgoingMessage {
	return { topic, payload: new Uint8Array(), contentType: JSON_CONTENT, qos: 1, retain: false, expiryS: 10 };
}

async function write({ tenant, site }: Testing, link: Link): Promise<Probed> {
	const outcome = await link.publish(emptyMessage(siteTopic(tenant, site, 'up/heartbeat')));
	if (outcome === 'delivered') return { result: 'ok', text: 'The broker takes what this site sends.' };
	if (outcome === 'unrouted')
		return { result: 'ok', text: 'The broker takes what this site sends; nobody listens to it now.' };
	if (outcome !== 'denied') return lost();
	return { result: 'failed', text: `The broker does not let this site write site/${site}/up/#; ${RULES}` };
}

async function read(testing: Testing, link: Link): Promise<Probed> {
	const { tenant, site, clock, newId } = testing;
	const snapshotId = `test-${newId()}`.slice(0, 64);
	const { promise: answered, resolve } = Promise.withResolvers<true>();
	let central: 'online' | 'offline' | undefined;
	const end = testing.links.listen((message) => {
		const decoded = decodeIncoming(message);
		if (decoded?.type === 'centralState') central = decoded.body.state;
		if (decoded?.type !== 'snapshotGone' || decoded.body.snapshotId !== snapshotId) return false;
		resolve(true);
		return true;
	});
	try {
		const { granted } = await link.hear(siteTopic(tenant, site, 'down/data'));
		if (!granted)
			return { result: 'failed', text: `The broker does not let this site hear site/${site}/down/#; ${RULES}` };
		// What the broker has kept comes again.
		await link.hear(centralTopic(tenant));
		// A part of a snapshot that never was: central says that it is gone, and nothing else happens anywhere.
		await link.publish(askForNothing(testing, snapshotId));
		const isSoon = (await within(clock, CENTRAL_MS, answered)) === true;
		if (isSoon || (central === 'online' && (await within(clock, ANSWER_MS, answered)) === true))
			return { result: 'ok', text: 'Central answers, and its answer arrives.' };
		return { result: 'failed', text: silenceInWords(central, site) };
	} finally {
		end();
	}
}

function askForNothing({ tenant, site, gatewayEpoch, newId, clock }: Testing, snapshotId: string): OutgoingMessage {
	const channel = 'up/request';
	const body = { stream: STREAMS[0] ?? '', snapshotId, index: 0 };
	const head = {
		id: newId(),
		site,
		gatewayEpoch: gatewayEpoch(),
		link: null,
		ts: clock.nowMs(),
		clock: 'held',
	} as const;
	return composeMessage({ topic: siteTopic(tenant, site, channel), channel }, 'chunkRequest', body, head);
}

function silenceInWords(central: 'online' | 'offline' | undefined, site: string): string {
	if (central === 'offline') return 'The broker is reached, but central is offline; start central.';
	if (central === undefined)
		return 'No central has shown at this broker; check that central runs, and that it has the same tenant and broker.';
	return `Central is online, but its answer does not arrive; let this site read site/${site}/down/# and central read site/+/up/#: ${RULES}`;
}

async function foreignWrite({ tenant, site }: Testing, link: Link): Promise<Probed> {
	const other = site === NOBODY ? `${NOBODY}-2` : NOBODY;
	const outcome = await link.publish(emptyMessage(siteTopic(tenant, other, 'up/heartbeat')));
	if (outcome === 'denied') return { result: 'ok', text: 'The broker keeps this site from speaking for others.' };
	if (outcome === 'unknown' || outcome === 'tooLarge') return lost();
	return { result: 'failed', text: `The broker lets this site speak for others, and others for this one; ${RULES}` };
}

async function foreignRead({ tenant, links, clock }: Testing, link: Link): Promise<Probed> {
	const births = siteTopic(tenant, '+', 'up/birth');
	const [before = '', behind = ''] = births.split('+');
	const { promise: heard, resolve } = Promise.withResolvers<true>();
	const end = links.listen(({ topic }) => {
		if (!topic.startsWith(before) || !topic.endsWith(behind)) return false;
		resolve(true);
		return true;
	});
	try {
		const hearing = await link.hear(births);
		const arrived = hearing.granted && (await within(clock, FOREIGN_MS, heard)) === true;
		if (hearing.granted) hearing.end();
		return arrived
			? { result: 'failed', text: `The broker lets this site hear what others send; ${RULES}` }
			: { result: 'ok', text: 'Nothing that others send arrives here.' };
	} finally {
		end();
	}
}

function decodeIncoming({ topic, payload, contentType }: IncomingMessage) {
	const decoded = decodeMessage(topic, payload, contentType);
	return decoded.ok ? decoded.message : undefined;
}

/** undefined: not in time. */
async function within<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | undefined> {
	const { promise: late, resolve } = Promise.withResolvers<undefined>();
	const cancel = clock.after(ms, () => resolve(undefined));
	try {
		return await Promise.race([work, late]);
	} finally {
		cancel();
	}
}
