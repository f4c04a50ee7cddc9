import { GatewayError } from '../../gateway/core/gateway-error.ts';
import type { HttpContext } from '../http/login-context.ts';
import { type FormValues, readFormValues } from './pages/directory/form-values.ts';

/** The fields of a form, each with all its values. Throws INVALID_REQUEST where they can't be read. */
export async function readSent(c: HttpContext): Promise<FormValues> {
	try {
		return readFormValues(await c.req.formData());
	} catch (cause) {
		throw new GatewayError('INVALID_REQUEST', 'The form could not be read; load the page again.', { cause });
	}
}
