import { Hono } from 'hono';
import { signedIn } from '../../actions/act.ts';
import { loginForm, registerForm } from '../../forms/accounts.ts';
import { parse } from '../../forms/parse.ts';
import { login, logout, register } from '../../web/accounts.ts';
import type { Env } from '../../web/env.ts';
import { readInput } from '../../web/input.ts';
import { personJson } from '../../web/json.ts';
import { json } from '../../web/render.tsx';
import { actorOf } from '../../web/session.ts';

export const accountApi = new Hono<Env>()
  .post('/auth/register', async (c) => {
    const form = parse(registerForm, (await readInput(c)).fields);
    return json(c, { data: personJson(await register(c, form)) }, 201);
  })
  .post('/auth/login', async (c) => {
    const form = parse(loginForm, (await readInput(c)).fields);
    return json(c, { data: personJson(await login(c, form)) });
  })
  .post('/auth/logout', async (c) => {
    const person = await logout(c);
    return json(c, { data: person && personJson(person) });
  })
  .get('/me', async (c) => json(c, { data: personJson(signedIn(await actorOf(c))) }));
