import { cardContract } from './card-contract.ts';
import { portDrivers } from './every-driver.ts';
import { serialDriverContract } from './serial-driver-contract.ts';

for (const device of portDrivers()) {
	serialDriverContract(device.driver, device);
	if (device.card !== undefined) cardContract(device.driver, { ...device, card: device.card });
}
