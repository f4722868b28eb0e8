// The bindings of crates/freehold-wasm as the Worker uses them. Read only where web/wasm/ has not been built yet; the built types win.

export class Setup {
  private constructor();
  static begin(offer: string, origin: string, derived: Uint8Array, remembered?: string): Setup;
  recoveryCode(): string;
  recoveryWords(): string;
  recoveryKit(): Uint8Array;
  proveRecovery(typed: Uint8Array): boolean;
  request(freshOffer: string): string;
  account(): Account;
  free(): void;
}

export class Unlock {
  private constructor();
  static begin(offer: string, origin: string, derived: Uint8Array, remembered?: string): Unlock;
  static beginByPasskey(offer: string, origin: string, parameters: Uint8Array, output: Uint8Array, remembered?: string): Unlock;
  request(): string;
  open(answer: string): Account;
  openToChange(answer: string): Authority;
  free(): void;
}

export class Authority {
  private constructor();
  account(): Account;
  recovers(): boolean;
  free(): void;
}

export class Change {
  private constructor();
  static of(authority: Authority): Change;
  setPassword(derived: Uint8Array): void;
  makeCode(): void;
  recoveryCode(): string;
  recoveryWords(): string;
  recoveryKit(): Uint8Array;
  proveRecovery(typed: Uint8Array): boolean;
  addPasskey(parameters: Uint8Array, output: Uint8Array): void;
  removePasskey(parameters: Uint8Array): void;
  request(offer: string): string;
  account(): Account;
  free(): void;
}

export class Renewal {
  private constructor();
  static of(authority: Authority, setup: Setup): Renewal;
  request(freshOffer: string, items: string): string;
  account(): Account;
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
export function deriveForSetup(offer: string, origin: string, password: Uint8Array, remembered?: string): Uint8Array;
export function deriveForUnlock(offer: string, origin: string, kind: number, secret: Uint8Array, remembered?: string): Uint8Array;
export function deriveForChange(offer: string, origin: string, password: Uint8Array, remembered?: string): Uint8Array;
export function checkPassword(password: Uint8Array): void;

export default function init(options: { module_or_path: string | URL }): Promise<unknown>;
