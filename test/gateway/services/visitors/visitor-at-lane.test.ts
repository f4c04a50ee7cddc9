import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tagFromBits } from '../../../../src/gateway/core/tag.ts';
import type { VisitRequest } from '../../../../src/gateway/services/visitors/visit-request.ts';
import { annasRows, createSiteBench } from '../../../support/site-bench.ts';
import { aVisit, createVisitorServices, HOUR_MS } from '../../../support/visitors-bench.ts';

const BY = { operatorId: 'op-1' };

let site: Awaited<ReturnType<typeof createSiteBench>>;
let visitors: ReturnType<typeof createVisitorServices>['visitors'];
beforeEach(async () => {
	site = await createSiteBench();
	await site.give(annasRows());
	({ visitors } = createVisitorServices({ ...site, directory: site.directory.reader }));
	visitors.addSpecification({ name: 'Visitors', areaIds: [], useLimit: null }, BY);
	for (const loop of ['arming', 'safety', 'closing']) site.input(loop, false);
});
afterEach(() => site.close());

function made(change: Partial<VisitRequest>) {
	const answer = visitors.create(aVisit(site.clock.nowMs(), change), BY);
	if (answer.result !== 'done') throw new Error(JSON.stringify(answer));
	return answer.visit;
}

/** @returns why a visitor who shows this is refused; null: let in. */
async function shown(tag: string): Promise<string | null> {
	site.input('arming', true);
	site.tag(tag);
	await site.clock.advanceAsync(5_000);
	const [last] = site.accessLog.list({ limit: 1 }).items;
	site.input('arming', false);
	await site.clock.advanceAsync(30_000);
	return last?.headline ?? null;
}

const asBits = (text: string) => {
	const bytes = new TextEncoder().encode(text);
	return tagFromBits(bytes, bytes.length * 8);
};

test.each([
	['characters', (value: string) => value],
	['bits', asBits],
])('X6: a QR code that a reader tells as %s lets its visitor in, and nobody by a guess', async (_as, told) => {
	const { credential } = made({ credential: { kind: 'qr' } });
	expect(await shown(told(randomBytes(16).toString('base64url')))).toBe('UNKNOWN_CREDENTIAL');
	expect(await shown(told(credential?.value ?? ''))).toBeNull();
	expect(site.pulses).toHaveLength(1);
});

test('X6: a visitor is let in within the visit, and neither before, after nor when blocked', async () => {
	const card = '26:9ADDDF00';
	const validFromMs = site.clock.nowMs() + HOUR_MS;
	const { id } = made({ credential: { kind: 'tag', value: card }, validFromMs, validToMs: validFromMs + HOUR_MS });
	expect(await shown(card)).toBe('RIGHT_NOT_STARTED');
	site.clock.advance(HOUR_MS);
	expect(await shown(card)).toBeNull();
	visitors.block(id, true, BY);
	expect(await shown(card)).toBe('HOLDER_BLOCKED');
	visitors.block(id, false, BY);
	visitors.end(id, BY);
	expect(await shown(card)).toBe('RIGHT_EXPIRED');
});
