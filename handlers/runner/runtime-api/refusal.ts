/** Why a request is refused, in the words of Lambda's own servers. */
export interface Refusal {
  readonly kind: 'refused';
  readonly httpStatus: 400 | 403;
  readonly errorType: string;
  readonly errorMessage: string;
}

export function refused(httpStatus: Refusal['httpStatus'], errorType: string, errorMessage: string): Refusal {
  return { kind: 'refused', httpStatus, errorType, errorMessage };
}
