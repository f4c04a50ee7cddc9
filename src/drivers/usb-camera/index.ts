import { defineStillDriver } from '../driver.ts';
import { describeEvent } from '../push-camera/describe-event.ts';
import { createUsbCamera } from './camera.ts';
import { type RecognizerConfig, type UsbCameraConfig, usbCameraConfigSchema } from './config.ts';
import { decodeRecognitionEvents } from './recognition.ts';

/** A UVC camera on this machine, and an engine that reads its stills; see docs/drivers/usb-camera.md. */
export const usbCamera = defineStillDriver<UsbCameraConfig>({
	carrier: 'still',
	kind: 'usb-camera',
	config: usbCameraConfigSchema,
	createCamera: createUsbCamera,
	*decode(bytes) {
		for (const event of decodeRecognitionEvents(engineOf(bytes), bytes)) yield* describeEvent(event);
	},
});

/** A captured answer: engines whose answers are of one form each tell it by their fields. */
function engineOf(bytes: Uint8Array): RecognizerConfig {
	const isCodeProject = Buffer.from(bytes.subarray(0, 65_536)).includes('"predictions"');
	const engine = isCodeProject ? ('codeproject-ai' as const) : ('platerecognizer' as const);
	return { engine, url: 'http://engine', timeoutMs: 1_000, stills: 1, enough: 1 };
}
