// The bindings of the recovery kit as the Worker uses them. Read only where web/wasm/ has not been built yet; the built types win.

export function render(secret: Uint8Array, texts: string, pictures: Uint8Array): Uint8Array;
export function find(given: Uint8Array): Uint8Array | undefined;
export function needsPicture(text: string): string | undefined;

export default function init(options: { module_or_path: string | URL }): Promise<unknown>;
