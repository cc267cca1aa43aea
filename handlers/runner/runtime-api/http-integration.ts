/** What a function that streams to a function URL sends: JSON about the HTTP response, eight NUL bytes, its body. */
export const HTTP_INTEGRATION_TYPE = 'application/vnd.awslambda.http-integration-response';

const DELIMITER = Buffer.alloc(8);

/**
 * The output for a stream of {@link HTTP_INTEGRATION_TYPE}. A run has no HTTP client that the stream could go to, and
 * raw NUL bytes serve nobody who reads an output, so it becomes the document that a function answers who does not
 * stream: `{ statusCode, headers, cookies, body, isBase64Encoded }`. A stream without a readable prelude stays as it is.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 */
export function httpIntegrationOutput(stream: Buffer): Buffer {
  const end = stream.indexOf(DELIMITER);
  const prelude = end === -1 ? undefined : documentOf(stream.subarray(0, end));
  if (prelude === undefined) {
    return stream;
  }
  const body = stream.subarray(end + DELIMITER.byteLength);
  const text = body.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(body);
  const document = { ...prelude, body: isText ? text : body.toString('base64'), isBase64Encoded: !isText };
  return Buffer.from(JSON.stringify(document), 'utf8');
}

function documentOf(prelude: Buffer): object | undefined {
  try {
    const document: unknown = JSON.parse(prelude.toString('utf8'));
    return typeof document === 'object' && document !== null && !Array.isArray(document) ? document : undefined;
  } catch {
    return undefined;
  }
}
