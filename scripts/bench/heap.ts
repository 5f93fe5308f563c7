/** The heap of a Worker in workerd, as its inspector sees it. */
import { z } from 'zod';

const Workers = z.array(z.object({ webSocketDebuggerUrl: z.string() }));
const Answer = z.object({
  id: z.number().optional(),
  result: z.unknown().optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
});
const Usage = z.object({ usedSize: z.number(), backingStorageSize: z.number().default(0) });
const Logged = z.object({ args: z.array(z.object({ value: z.unknown() })) });

/** Bytes, garbage included. */
export interface HeapUsage {
  readonly heap: number;
  /** Of buffers and of WebAssembly, which lie beside the heap. */
  readonly beside: number;
}

export interface HeapInspector {
  /** Bytes that are alive once garbage is collected. While the Worker computes, the answer mostly waits. */
  alive(): Promise<number>;
  /** What the heap holds now, without a collection. */
  usage(): Promise<HeapUsage>;
  /** Hears each text that the Worker logs, from now on. */
  listen(hear: (text: string) => void): Promise<void>;
  close(): void;
}

/** Looks into the Worker whose inspector listens at a port of this machine. */
export async function inspectHeap(port: number): Promise<HeapInspector> {
  const [worker] = Workers.parse(await (await fetch(`http://127.0.0.1:${port}/json`)).json());
  if (!worker) throw new Error('there is no Worker to look into');
  // Wrangler answers nobody who does not say where he comes from; Node's WebSocket takes headers, of which its types do not tell.
  const origin = { headers: { origin: 'http://localhost' } } as unknown as string[];
  const socket = new WebSocket(worker.webSocketDebuggerUrl, origin);
  await new Promise((opened, failed) => {
    socket.addEventListener('open', opened);
    socket.addEventListener('error', () => failed(new Error('the inspector refuses us')));
  });
  const waiting = new Map<number, (result: unknown) => void>();
  socket.addEventListener('message', ({ data }) => {
    const { id = 0, result, method, params } = Answer.parse(JSON.parse(String(data)));
    if (method === 'Runtime.consoleAPICalled') for (const { value } of Logged.parse(params).args) hear(String(value));
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  let asked = 0;
  let hear = (_text: string) => {};
  const ask = (method: string, params = {}): Promise<unknown> =>
    new Promise((answered) => {
      asked += 1;
      waiting.set(asked, answered);
      socket.send(JSON.stringify({ id: asked, method, params }));
    });
  // V8 collects all garbage before it gives a profile, and at once; `collectGarbage` waits until the Worker has something else to do.
  await ask('HeapProfiler.startSampling', { samplingInterval: 2 ** 30 });
  return {
    async alive() {
      // Asked together: between two questions the Worker would compute, and its garbage of that time would count as alive.
      const [, usage] = await Promise.all([ask('HeapProfiler.getSamplingProfile'), ask('Runtime.getHeapUsage')]);
      return Usage.parse(usage).usedSize;
    },
    async usage() {
      const { usedSize, backingStorageSize } = Usage.parse(await ask('Runtime.getHeapUsage'));
      return { heap: usedSize, beside: backingStorageSize };
    },
    async listen(listener) {
      hear = listener;
      await ask('Runtime.enable');
    },
    close: () => socket.close(),
  };
}
