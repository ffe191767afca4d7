import { describe, expect, test } from 'vitest';
import {
  changePasswordForm,
  forgotForm,
  loginForm,
  registerForm,
  resetForm,
} from '../../src/forms/accounts.ts';
import { parse } from '../../src/forms/parse.ts';
import { expectProblems, problemsOf } from '../support/forms.ts';

const PASSWORD = 'correct horse';
const register = { name: 'Carla', email: 'carla@example.test', password: PASSWORD };

describe('registerForm', () => {
  test('trims and lowers what people type, but not their password', () => {
    expect(
      parse(registerForm, { name: '  Carla ', email: ' Carla@Example.TEST ', password: '  spaces stay  ' }),
    ).toEqual({
      name: 'Carla',
      email: 'carla@example.test',
      password: '  spaces stay  ',
    });
  });

  test('says what is wrong with each field', () => {
    expectProblems(registerForm, register, [
      [{ name: '' }, 'name', 'required'],
      [{ name: undefined }, 'name', 'required'],
      [{ name: '   ' }, 'name', 'required'],
      [{ name: 7 }, 'name', 'invalid'],
      [{ name: 'x'.repeat(101) }, 'name', 'too_long'],
      [{ name: 'two\nlines' }, 'name', 'invalid'],
      [{ email: '' }, 'email', 'required'],
      [{ email: undefined }, 'email', 'required'],
      [{ email: 'carla' }, 'email', 'email'],
      [{ email: ['a@b.de'] }, 'email', 'invalid'],
      [{ email: `${'x'.repeat(250)}@b.de` }, 'email', 'too_long'],
      [{ password: 'short' }, 'password', 'too_short'],
      [{ password: 'x'.repeat(129) }, 'password', 'too_long'],
      [{ password: undefined }, 'password', 'required'],
    ]);
    expect(problemsOf(registerForm, { ...register, password: 'short' }).password).toEqual({
      code: 'too_short',
      limit: 10,
    });
    expect(problemsOf(registerForm, {})).toMatchObject({
      name: { code: 'required' },
      email: { code: 'required' },
      password: { code: 'required' },
    });
  });

  test('refuses a role, and whatever else it does not know', () => {
    expect(Object.keys(problemsOf(registerForm, { ...register, role: 'admin' }))).toEqual(['role']);
    expect(Object.keys(problemsOf(registerForm, { ...register, emailVerified: true }))).toEqual([
      'emailVerified',
    ]);
  });
});

test('loginForm wants both, of any strength', () => {
  expect(parse(loginForm, { email: 'A@B.de', password: 'x' })).toEqual({ email: 'a@b.de', password: 'x' });
  expectProblems(loginForm, { email: 'a@b.de', password: 'x' }, [
    [{ email: 'a' }, 'email', 'email'],
    [{ email: '' }, 'email', 'required'],
    [{ password: '' }, 'password', 'required'],
    [{ password: undefined }, 'password', 'required'],
    [{ password: 'x'.repeat(129) }, 'password', 'too_long'],
    [{ password: { $ne: '' } }, 'password', 'invalid'],
  ]);
});

test('the other forms of an account', () => {
  expectProblems(forgotForm, { email: 'a@b.de' }, [[{ email: 'a' }, 'email', 'email']]);
  expectProblems(resetForm, { token: 't', password: PASSWORD }, [
    [{ token: '' }, 'token', 'required'],
    [{ token: 't'.repeat(201) }, 'token', 'too_long'],
    [{ password: 'short' }, 'password', 'too_short'],
  ]);
  expectProblems(changePasswordForm, { currentPassword: 'x', password: PASSWORD }, [
    [{ currentPassword: '' }, 'currentPassword', 'required'],
    [{ password: 'short' }, 'password', 'too_short'],
  ]);
});
