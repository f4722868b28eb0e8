// The bindings of the strength estimate as its Worker uses them. Read only where web/wasm/ has not been built yet; the built types win.

export function estimate(password: Uint8Array, inputs: string): string;

export default function init(options: { module_or_path: string | URL }): Promise<unknown>;
