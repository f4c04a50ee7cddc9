import type { Command } from 'commander';
import { escapeHidden } from '../../../gateway/core/hidden-text.ts';
import { type CommandContext, configOption, example, jsonOption } from '../command-context.ts';
import { jsonLine, printTable } from '../output.ts';
import { addDevicesMonitor } from './devices-monitor.ts';
import { addDevicesSet } from './devices-set.ts';

/** What becomes of an address when things are plugged in elsewhere. */
const FOLLOWED = { id: 'the device', socket: 'its USB socket', none: 'nothing' } as const;

export function addDevices(program: Command, context: CommandContext): void {
	const devices = program
		.command('devices')
		.summary('find, watch and test devices')
		.description('Finds the ports of this machine, watches and tests devices of the site.')
		.addHelpText('after', example('parkgate devices list', 'parkgate devices test reader-1'));
	addList(devices, context);
	addDevicesMonitor(devices, context);
	addTest(devices, context);
	addDevicesSet(devices, context);
}

function addList(devices: Command, { handlers, terminal }: CommandContext): void {
	devices
		.command('list')
		.summary('list serial and HID ports, and cameras')
		.description(
			'Lists serial and HID ports and USB cameras by the stable address to write into gateway.yaml: it follows the device wherever it\n' +
				'is plugged in, or the USB socket when the device has no serial number.',
		)
		.addOption(jsonOption())
		.addHelpText('after', example('parkgate devices list'))
		.action(async (options: { json?: true }) => {
			const listing = await handlers.listPorts();
			if (options.json) terminal.out(jsonLine(listing.ports));
			else if (listing.ports.length === 0) terminal.out('No serial or HID ports on this machine.\n');
			else
				printTable(
					terminal,
					['ADDRESS', 'FOLLOWS', 'NOW AT', 'CARRIER', 'USB ID', 'PRODUCT', 'SERIAL NUMBER'],
					listing.ports.map((port) => [
						port.address,
						FOLLOWED[port.stability],
						port.node,
						port.carrier,
						port.usbId ?? '',
						[port.manufacturer, port.product].filter((part) => part !== null).join(' '),
						port.serialNumber ?? '',
					]),
				);
			for (const problem of listing.problems) terminal.err(`${escapeHidden(problem)}\n`);
		});
}

function addTest(devices: Command, { handlers, terminal, exitWith }: CommandContext): void {
	devices
		.command('test')
		.summary('test a device without opening anything')
		.description('Tests port, protocol and identity of a device. Opens no barrier.')
		.argument('<id>', 'the device in gateway.yaml')
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example('parkgate devices test boom-1'))
		.action(async (deviceId: string, options: { config: string; json?: true }) => {
			const report = await handlers.testDevice({
				configFile: options.config,
				deviceId,
				signal: terminal.interrupted(),
			});
			if (!report.passed) exitWith(1);
			if (options.json) {
				terminal.out(jsonLine(report));
				return;
			}
			terminal.out(`${escapeHidden(`${report.deviceId}: ${report.driver} at ${report.address}`)}\n`);
			for (const step of report.steps) {
				const mark = step.passed ? terminal.style('green', 'passed') : terminal.style('red', 'failed');
				terminal.out(`  ${mark}  ${escapeHidden(`${step.name}: ${step.detail}`)}\n`);
			}
		});
}
