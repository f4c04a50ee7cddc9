import { cardContract } from './card-contract.ts';
import { serialDrivers } from './every-driver.ts';
import { serialDriverContract } from './serial-driver-contract.ts';

for (const device of serialDrivers()) {
	serialDriverContract(device.driver, device);
	if (device.card !== undefined) cardContract(device.driver, { ...device, card: device.card });
}
