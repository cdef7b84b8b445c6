/** What the request says is wrong; everything else that is thrown is a bug of the laptop. */
export class ControlError extends Error {}
