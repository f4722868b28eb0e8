/** A passkey that gave nothing to go on with; `code` is what the strings have words for. */
export class PasskeyError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.name = 'PasskeyError';
    this.code = code;
  }
}
