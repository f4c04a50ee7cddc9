import { z } from 'zod';

/** What an input or output of a device is called in `gateway.yaml`. @param example One, such as open. */
export const ioName = (example: string) =>
	z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,31}$/, `a name of letters, digits and dashes, such as ${example}`);
