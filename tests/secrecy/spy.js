// Put before the script of a Worker by the test: sends the linear memory of its modules to the test, before every answer and every report of progress.
{
  const instantiate = WebAssembly.instantiateStreaming;
  const post = globalThis.postMessage.bind(globalThis);
  const calls = new Map();
  const memories = [];
  WebAssembly.instantiateStreaming = async (...given) => {
    const made = await instantiate.apply(WebAssembly, given);
    memories.push(made.instance.exports.memory);
    return made;
  };
  globalThis.addEventListener('message', ({ data }) => calls.set(data.id, data.call));
  globalThis.postMessage = (message, ...rest) => {
    const at = 'progress' in message ? `progress-${message.step}` : calls.get(message.id);
    if (memories.length > 0 && at) {
      const request = new XMLHttpRequest();
      request.open('POST', `/spied/WORKER/${at}`, false); // the Worker stands still until the test has it
      request.send(new Blob(memories.map(({ buffer }) => new Uint8Array(buffer).slice())));
    }
    post(message, ...rest);
  };
}
