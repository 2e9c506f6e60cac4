/** A server that gives every request the same answer. */
export function answering(body: string, type: string): typeof fetch {
  return async () => new Response(body, { status: 200, headers: { "content-type": type } });
}
