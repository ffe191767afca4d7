import { z } from 'zod';
import { email, knownPassword, line, newPassword } from './fields.ts';

/** A role in a sign-up is refused rather than ignored: nobody registers as staff. */
export const registerForm = z.strictObject({ name: line(100), email, password: newPassword });

export const loginForm = z.object({ email, password: knownPassword });

export const forgotForm = z.object({ email });

export const resetForm = z.object({ token: z.string().min(1).max(200), password: newPassword });

export const changePasswordForm = z.object({ currentPassword: knownPassword, password: newPassword });
