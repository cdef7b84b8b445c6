/** Settings of this function, given by the stack. Throws when one is missing: that is a fault of the deployment. */
export const setting = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`The environment variable ${name} is not set.`);
  return value;
};
