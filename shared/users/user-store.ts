export const listStaffEmails = async (_role: string): Promise<readonly string[]> => ['staff@example.com'];
export const findUser = async (_id: string): Promise<{ email: string } | undefined> => undefined;
