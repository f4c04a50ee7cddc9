import { afterEach, expect, test } from 'vitest';
import { createMetrics, type MetricsSnapshot } from '../../../src/gateway/services/metrics.ts';

const metrics = createMetrics();
afterEach(() => metrics.stop());

const NOTHING: MetricsSnapshot = {
	lanes: [],
	devices: [],
	occupancy: [],
	sync: {
		configured: false,
		connected: false,
		problem: null,
		sinceMs: 0,
		outboxDepth: 0,
		lastAckAtMs: null,
		refused: {},
		history: { gatewayEpoch: 'epoch-1', reason: 'new', sinceMs: 0 },
		deadLetters: { count: 2, newest: [] },
		disk: { room: 'ample', freeBytes: 1_000 },
		streams: [],
		repairs: { rows: 0, atMs: null },
	},
};

test('N8: decisions are counted by outcome and reason, their latency by lane, commits by duration', async () => {
	metrics.observeDecision({ outcome: 'granted', reason: null });
	metrics.observeDecision({ outcome: 'granted', reason: null });
	metrics.observeLatency('L1', 0.012);
	metrics.observeLatency('L1', 0.2);
	metrics.observeDecision({ outcome: 'refused', reason: 'NO_RIGHT' });
	metrics.observeCommit(0.004);
	const { text, contentType } = await metrics.render(NOTHING);
	expect(contentType).toContain('text/plain');
	for (const line of [
		'parkgate_decisions_total{outcome="granted",reason="none"} 2',
		'parkgate_decisions_total{outcome="refused",reason="NO_RIGHT"} 1',
		'parkgate_decision_latency_seconds_bucket{le="0.02",lane="L1",outcome="granted"} 1',
		'parkgate_decision_latency_seconds_count{lane="L1",outcome="granted"} 2',
		'parkgate_store_commit_seconds_bucket{le="0.005"} 1',
		'parkgate_sync_connected 0',
	]) {
		expect(text).toContain(line);
	}
	expect(text, 'no output was written, so there is no latency').not.toContain('lane="L1",outcome="refused"');
});

test('a device or lane that is gone leaves no stale gauge', async () => {
	const device = {
		id: 'gone',
		driver: 'osdp',
		address: 'sim:gone',
		state: 'online',
		sinceMs: 0,
		identity: {},
		capabilities: [],
		statistics: {},
		inputs: {},
	} as const;
	expect((await metrics.render({ ...NOTHING, devices: [device] })).text).toContain('device="gone"');
	expect((await metrics.render(NOTHING)).text).not.toContain('gone');
});
