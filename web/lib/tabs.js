// What the tabs of one browser tell each other. Never anything secret.

/** @typedef {'locked' | 'signed-out' | 'active' | 'setup-done' | 'setup-asking' | 'setup-open'} TabMessage */

/**
 * @param {string} userId
 * @param {(message: TabMessage) => void} hear
 */
export function tabs(userId, hear) {
  const channel = new BroadcastChannel(`freehold.${userId}`);
  channel.addEventListener('message', (event) => hear(event.data));
  return {
    /** @param {TabMessage} message */
    tell: (message) => channel.postMessage(message),
  };
}
