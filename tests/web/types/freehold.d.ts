// The bindings of crates/freehold-wasm as the Worker uses them. Read only where web/wasm/ has not been built yet; the built types win.

export class Setup {
  private constructor();
  static begin(offer: string, origin: string, password: Uint8Array, remembered?: string): Setup;
  recoveryCode(): string;
  recoveryWords(): string;
  proveRecovery(typed: string): boolean;
  request(freshOffer: string): string;
  account(): Account;
  free(): void;
}

export class Unlock {
  private constructor();
  static begin(offer: string, origin: string, kind: number, secret: Uint8Array, remembered?: string): Unlock;
  request(): string;
  open(answer: string): Account;
  free(): void;
}

export class Account {
  private constructor();
  remembered(): string;
  changedAt(): number;
  failedSince(): number;
  sealItem(item: string, version: number, plain: Uint8Array): string;
  openItem(item: string, version: number, record: string): Uint8Array;
  free(): void;
}

export function generatePassphrase(): string;
export function warmUp(): void;
export function checkPassword(password: Uint8Array): void;

export default function init(options: { module_or_path: string | URL }): Promise<unknown>;
