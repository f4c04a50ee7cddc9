import { createSerialPort } from '../../src/drivers/ports/serial-port.ts';
import { createSimulatedWire } from '../../src/drivers/ports/simulated-wire.ts';
import { type SimulatorOnTty, serveSimulatorOnTty } from '../../src/drivers/ports/simulator-on-tty.ts';
import { createPtyPair } from '../support/pty-pair.ts';
import { createScriptedSimulator } from '../support/scripted-simulator.ts';
import { wallClock } from '../support/wall-clock.ts';
import { portContract } from './port-contract.ts';

portContract('simulated wire', async () => {
	const simulator = createScriptedSimulator();
	const wire = createSimulatedWire({ clock: wallClock, address: 'sim:test', simulator, random: () => 0.5 });
	return {
		createPort: wire.createPort,
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
			line: { baud: 115_200 },
			simulator,
			onLost: () => undefined,
		});
	};
	await attach();
	return {
		createPort: (line, events) => createSerialPort(wallClock, pair.near, line, events),
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
