import { adviseName } from '../gateway/core/nearest-name.ts';
import type { ConfiguredDevice } from './gateway-config.ts';
import { parseInputRef } from './lane-config.ts';
import type { ConfigPath } from './problem.ts';
import type { ProblemReport } from './problem-report.ts';

/** The devices a lane may name: every id of the file; undefined for an entry that has problems of its own. */
export type DevicesById = ReadonlyMap<string, ConfiguredDevice | undefined>;

export function checkDevice(id: string, path: ConfigPath, devices: DevicesById, report: ProblemReport): boolean {
	if (devices.has(id)) return true;
	const ids = [...devices.keys()];
	report.error(path, {
		found: `the unknown device ${id}`,
		expected: ids.length === 0 ? 'a device below devices' : `one of ${ids.join(', ')}`,
		fix: adviseName(id, ids, 'Add it below devices'),
	});
	return false;
}

export function checkOutput(
	ref: { readonly deviceId: string; readonly output: string },
	path: ConfigPath,
	devices: DevicesById,
	report: ProblemReport,
): void {
	if (!checkDevice(ref.deviceId, path, devices, report)) return;
	const device = devices.get(ref.deviceId);
	const outputs = namesIn(device, 'outputs');
	if (device === undefined || outputs.includes(ref.output)) return;
	report.error(path, {
		found: `the output ${ref.output}, which ${device.id} has not`,
		expected: outputs.length === 0 ? 'a device with outputs' : `one of ${outputs.join(', ')}`,
		fix:
			outputs.length === 0
				? `Add outputs: { ${ref.output}: CHANNEL } to ${device.id}, or name another device`
				: adviseName(ref.output, outputs, `Add ${ref.output} to the outputs of ${device.id}`),
	});
}

/** @param text `DEVICE.INPUT` */
export function checkInput(text: string, path: ConfigPath, devices: DevicesById, report: ProblemReport): void {
	const { deviceId, input } = parseInputRef(text);
	if (!checkDevice(deviceId, path, devices, report)) return;
	const device = devices.get(deviceId);
	const inputs = namesIn(device, 'inputs').map((name) => `${deviceId}.${name}`);
	if (device === undefined || inputs.includes(text)) return;
	report.error(path, {
		found: `the input ${input}, which ${deviceId} has not`,
		expected: inputs.length === 0 ? 'a device with inputs' : `one of ${inputs.join(', ')}`,
		fix:
			inputs.length === 0
				? `Add inputs: { ${input}: CHANNEL } to ${deviceId}, or name another device`
				: adviseName(text, inputs, `Add ${input} to the inputs of ${deviceId}`),
	});
}

/** A camera on this machine that is asked for stills. */
export function takesStills(device: ConfiguredDevice | undefined): boolean {
	return device?.driver === 'usb-camera';
}

/** Of a lane's cameras those whose plates count, and those that give stills; the first are fewer where nothing reads stills. */
export function camerasByRole(
	ids: readonly string[],
	devices: DevicesById,
): { readonly cameras: readonly string[]; readonly stills?: readonly string[] } {
	const stills = ids.filter((id) => takesStills(devices.get(id)));
	const cameras = ids.filter((id) => !stills.includes(id) || devices.get(id)?.['recognizer'] !== undefined);
	return { cameras, ...(stills.length > 0 && { stills }) };
}

/** Names of the device's inputs or outputs, whatever its driver says about each. */
export function namesIn(device: ConfiguredDevice | undefined, member: 'inputs' | 'outputs'): string[] {
	const names = device?.[member];
	return typeof names === 'object' && names !== null ? Object.keys(names) : [];
}
