import type { DecodeOptions } from '../api/cli/handlers.ts';
import { decodeTraffic } from '../drivers/decode-traffic.ts';
import { hasPort, type PortDriver } from '../drivers/driver.ts';
import { createDriverRegistry } from '../drivers/registry.ts';
import { parseTrace, type Trace } from '../drivers/trace.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';

/** Lines of captured bytes, of an HTTP body, or of a trace that `devices monitor --record` wrote. */
export function* decodeFile({
	driver,
	bytes,
	contentType,
}: DecodeOptions): Iterable<Readonly<Record<string, unknown>>> {
	if (bytes.length === 0) throw new GatewayError('INVALID_REQUEST', 'there are no bytes in it');
	const trace = parseTrace(bytes);
	const kind = driver ?? trace?.driver;
	if (kind === undefined)
		throw new GatewayError(
			'INVALID_REQUEST',
			'this is no trace of `parkgate devices monitor --record`: name the driver that these bytes are of, with --driver',
		);
	const registered = createDriverRegistry().get(kind);
	if (registered.carrier === 'push') yield* registered.decode(bytes, contentType);
	else if (trace === undefined || !hasPort(registered)) yield* registered.decode(bytes);
	else yield* decodeTraffic(registered, trace.traffic, deviceOf(registered, trace));
}

/** undefined: the entry needs a secret, which no trace has, or is of another driver. */
function deviceOf(driver: PortDriver, { settings }: Trace) {
	const parsed = driver.config.safeParse(settings);
	return parsed.success ? parsed.data : undefined;
}
