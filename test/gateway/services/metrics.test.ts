import { afterEach, expect, test } from 'vitest';
import type { DeviceStatus } from '../../../src/gateway/core/device.ts';
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

test('N8: cameras are shown by what is worth an alarm, and their listener by what became of the pushes', async () => {
	const camera: DeviceStatus = {
		...{ id: 'cam-1', driver: 'hikvision-push', address: '/ingest/cam-1', state: 'online', sinceMs: 0 },
		...{ lastSeenMs: 1_500, identity: {}, capabilities: ['reads plates'], inputs: {} },
		statistics: { clockOffsetMs: -2_500, misreadPercent: 12, tagMismatchPercent: 3, plateWidthPx: 118 },
	};
	const cameraPushes = { outcomes: { handled: 7, size: 2 }, connections: 3, droppedConnections: 9 };
	const { text } = await metrics.render({ ...NOTHING, devices: [camera], cameraPushes });
	for (const line of [
		'parkgate_camera_clock_offset_seconds{device="cam-1"} -2.5',
		'parkgate_camera_misread_ratio{device="cam-1"} 0.12',
		'parkgate_camera_tag_mismatch_ratio{device="cam-1"} 0.03',
		'parkgate_camera_plate_width_pixels{device="cam-1"} 118',
		'parkgate_device_last_seen_timestamp_seconds{device="cam-1"} 1.5',
		'parkgate_camera_pushes_total{outcome="handled"} 7',
		'parkgate_camera_pushes_total{outcome="size"} 2',
		'parkgate_camera_pushes_total{outcome="droppedConnection"} 9',
		'parkgate_camera_connections 3',
	]) {
		expect(text).toContain(line);
	}
	const again = await metrics.render({ ...NOTHING, cameraPushes });
	expect(again.text).toContain('parkgate_camera_pushes_total{outcome="handled"} 7');
	expect(again.text).not.toContain('cam-1');
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
