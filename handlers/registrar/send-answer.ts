import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { RegistrarPorts } from './ports';

/**
 * Sends an answer to CloudFormation's pre-signed address, which was signed for an empty content type.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export const sendAnswer: RegistrarPorts['sendAnswer'] = (url, body, timeoutMilliseconds) =>
  new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    const request = send(url, { method: 'PUT', headers, signal }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
