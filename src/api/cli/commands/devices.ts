import type { Command } from 'commander';
import { escapeHidden } from '../../../gateway/core/hidden-text.ts';
import { type CommandContext, configOption, example, jsonOption } from '../command-context.ts';
import type { MonitorLine } from '../handlers.ts';
import { formatHex, jsonLine, printTable } from '../output.ts';
import type { Terminal } from '../terminal.ts';
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
	addMonitor(devices, context);
	addTest(devices, context);
	addDevicesSet(devices, context);
}

function addList(devices: Command, { handlers, terminal }: CommandContext): void {
	devices
		.command('list')
		.summary('list serial and HID ports')
		.description(
			'Lists serial and HID ports by the stable address to write into gateway.yaml: it follows the device wherever it\n' +
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

function addMonitor(devices: Command, { handlers, terminal }: CommandContext): void {
	devices
		.command('monitor')
		.summary('show live bytes and frames of a device')
		.description('Shows what a device sends and is sent, as bytes and frames, until Ctrl-C.')
		.argument('<id>', 'the device in gateway.yaml')
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example('parkgate devices monitor reader-1'))
		.action(async (deviceId: string, options: { config: string; json?: true }) => {
			await handlers.monitorDevice({
				configFile: options.config,
				deviceId,
				signal: terminal.interrupted(),
				onLine: (line) => terminal.out(options.json ? jsonLine(line) : monitorLine(terminal, line)),
			});
		});
}

function monitorLine(terminal: Terminal, line: MonitorLine): string {
	const time = new Date(line.atMs).toISOString().slice(11, 23);
	const arrow = { in: '←', out: '→', note: '·' }[line.direction];
	const bytes = line.bytes === undefined ? '' : ` ${formatHex(line.bytes).replaceAll(/(..)(?=.)/g, '$1 ')}`;
	const text = line.text === undefined ? '' : `  ${terminal.style('dim', escapeHidden(line.text))}`;
	return `${time} ${arrow}${bytes}${text}\n`;
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
