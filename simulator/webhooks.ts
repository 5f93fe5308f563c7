/** Sends webhooks as GitHub does: signed, once, never again by itself. */
import { createHmac, randomUUID } from 'node:crypto';

export interface WebhookOptions {
  /** The GUID in `X-GitHub-Delivery`; a redelivery repeats it. Default: a fresh one. */
  deliveryId?: string;
  /** Sends the same delivery once more: the id is required. */
  redeliver?: boolean;
  /** Replaces the signature, for tests of a receiver that must refuse it. Null sends none. */
  signature?: string | null;
  /** GitHub gives a receiver ten seconds. */
  timeoutMs?: number;
  /** Defaults to the global `fetch`; a worker under test may offer its own. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

export interface WebhookDelivery {
  deliveryId: string;
  event: string;
  status: number;
  body: string;
}

/** The value of `X-Hub-Signature-256` for these bytes. */
export function signWebhook(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** The headers GitHub sends with a delivery. */
function webhookHeaders(
  event: string,
  body: string,
  secret: string,
  options: WebhookOptions = {},
): Record<string, string> {
  const signature = options.signature === undefined ? signWebhook(secret, body) : options.signature;
  return {
    'content-type': 'application/json',
    accept: '*/*',
    'user-agent': 'GitHub-Hookshot/044aadd',
    'x-github-event': event,
    'x-github-delivery': options.deliveryId ?? randomUUID(),
    'x-github-hook-id': '4242',
    'x-github-hook-installation-target-type': 'repository',
    ...(signature === null ? {} : { 'x-hub-signature-256': signature }),
  };
}

/** Delivers one event; a receiver that is too slow or not there throws, as GitHub records a failed delivery. */
export async function sendWebhook(
  targetUrl: string,
  event: string,
  payload: unknown,
  secret: string,
  options: WebhookOptions = {},
): Promise<WebhookDelivery> {
  if (options.redeliver === true && options.deliveryId === undefined) {
    throw new Error('a redelivery needs the id of the delivery it repeats');
  }
  const body = JSON.stringify(payload);
  const headers = webhookHeaders(event, body, secret, options);
  const signal = AbortSignal.timeout(options.timeoutMs ?? 10_000);
  const request = options.fetch ?? fetch;
  const response = await request(targetUrl, { method: 'POST', headers, body, signal });
  const deliveryId = headers['x-github-delivery'] ?? '';
  return { deliveryId, event, status: response.status, body: await response.text() };
}
