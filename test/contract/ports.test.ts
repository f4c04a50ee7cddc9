import { createHidPorts } from '../../src/drivers/ports/hid-port.ts';
import { createSerialPort } from '../../src/drivers/ports/serial-port.ts';
import { createSimulatedWire } from '../../src/drivers/ports/simulated-wire.ts';
import { type SimulatorOnTty, serveSimulatorOnTty } from '../../src/drivers/ports/simulator-on-tty.ts';
import { createHidMachine } from '../support/hid-devices.ts';
import { createPtyPair } from '../support/pty-pair.ts';
import { createScriptedSimulator } from '../support/scripted-simulator.ts';
import { wallClock } from '../support/wall-clock.ts';
import { LINE, portContract } from './port-contract.ts';

portContract('simulated wire', async () => {
	const simulator = createScriptedSimulator();
	const wire = createSimulatedWire({ clock: wallClock, address: 'sim:test', simulator, random: () => 0.5 });
	return {
		createPort: (events) => wire.createPort(LINE, events),
		heard: simulator.heard,
		forget: simulator.forget,
		say: (bytes) => void wire.stimulate('device', bytes.toHex()),
		unplug: async () => wire.unplug(),
		plugIn: async () => wire.plugIn(),
		close: () => Promise.resolve(),
	};
});

portContract('serial port on a pty, a simulator on its other end', async () => {
	const pair = await createPtyPair();
	const simulator = createScriptedSimulator();
	let device: SimulatorOnTty | undefined;
	const attach = async () => {
		device = await serveSimulatorOnTty({
			clock: wallClock,
			path: pair.far,
			line: LINE,
			simulator,
			onLost: () => undefined,
		});
	};
	await attach();
	return {
		createPort: (events) => createSerialPort(wallClock, pair.near, LINE, events),
		heard: simulator.heard,
		forget: simulator.forget,
		say: (bytes) => void device?.stimulate('device', bytes.toHex()),
		async unplug() {
			await device?.stop();
			await pair.unplug();
		},
		async plugIn() {
			await pair.plugIn();
			await attach();
		},
		async close() {
			await device?.stop();
			await pair.close();
		},
	};
});

portContract(
	'HID port of a machine whose devices are simulated',
	async () => {
		const machine = createHidMachine();
		const reader = { vendorId: 'ffff', productId: '0035', socket: 'usb-0000:00:14.0-2', types: true };
		const createPort = createHidPorts({ clock: wallClock, roots: machine.roots, openNode: machine.openNode });
		machine.plug('hidraw0', reader);
		return {
			createPort: (events) => createPort('hid:by-path/usb-0000:00:14.0-2/input0', events),
			heard: () => Uint8Array.from(Buffer.concat(machine.heard('hidraw0'))),
			forget: () => machine.forget('hidraw0'),
			say: (report) => machine.say('hidraw0', report),
			unplug: async () => machine.unplug('hidraw0'),
			plugIn: async () => machine.plug('hidraw0', reader),
			close: async () => machine[Symbol.dispose](),
		};
	},
	'hid',
);

portContract(
	'simulated wire of a HID device',
	async () => {
		const simulator = createScriptedSimulator();
		const hid = {
			identity: { vendorId: 'ffff', productId: '0035' },
			sendFeature: () => true,
			getFeature: () => undefined,
		};
		const wire = createSimulatedWire({
			...{ clock: wallClock, address: 'sim:test', random: () => 0.5 },
			simulator: { ...simulator, hid },
		});
		return {
			createPort: (events) => wire.createPort('hid', events),
			heard: simulator.heard,
			forget: simulator.forget,
			say: (bytes) => void wire.stimulate('device', bytes.toHex()),
			unplug: async () => wire.unplug(),
			plugIn: async () => wire.plugIn(),
			close: () => Promise.resolve(),
		};
	},
	'hid',
);
