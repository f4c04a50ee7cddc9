import { centralSubscriptions, parseTopic } from './topics.ts';

/** Who talks to the broker; `site`: one gateway, by its site id. */
export type BrokerUser = { readonly role: 'site'; readonly site: string } | { readonly role: 'central' };

/** The access rules of SYNC.md: a site writes its own `up` topics, central everything that goes down. */
export function mayPublish(tenant: string, user: BrokerUser, topicName: string): boolean {
	const topic = parseTopic(topicName);
	if (topic === undefined || topic.tenant !== tenant) return false;
	if (user.role === 'central') return topic.kind !== 'site' || topic.channel.startsWith('down/');
	return topic.kind === 'site' && topic.site === user.site && topic.channel.startsWith('up/');
}

/** A site hears its own `down` topics, the streams and central's state; no wildcard. Central hears what sites send up. */
export function maySubscribe(tenant: string, user: BrokerUser, filter: string): boolean {
	if (user.role === 'central')
		return [...centralSubscriptions(tenant, true), ...centralSubscriptions(tenant, false)].includes(filter);
	const topic = parseTopic(filter);
	if (topic === undefined || topic.tenant !== tenant) return false;
	return topic.kind !== 'site' || (topic.site === user.site && topic.channel.startsWith('down/'));
}

/** Whoever takes a client id takes its session and what waits in it. */
export function mayUseClientId(tenant: string, user: BrokerUser, clientId: string): boolean {
	return user.role === 'central'
		? clientId.startsWith(`parkgate-central-${tenant}-`)
		: clientId === `parkgate-${tenant}-${user.site}`;
}
