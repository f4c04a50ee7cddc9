import { z } from 'zod';

/** Fields of an entry in `gateway.yaml` of a reader on USB. */
export function hidEntryFields<Kind extends string>(driver: Kind) {
	return {
		id: z.string().regex(/^[a-zA-Z0-9-]{1,64}$/, 'an id of 1 to 64 letters, digits and dashes'),
		driver: z.literal(driver),
		port: z
			.string()
			.max(256)
			.regex(
				/^(?:hid:|sim:|\/).+/,
				'a HID device such as hid:by-path/usb-0000:00:14.0-2/input0; see: parkgate devices list',
			)
			.describe('hid:by-id/… or hid:by-path/… as parkgate devices list shows it, or sim:NAME'),
	};
}
