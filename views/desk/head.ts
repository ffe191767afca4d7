import { html } from 'hono/html';
import { type DeskView, deskHref, worksHere } from './view.ts';

/** The head of a panel: what it is about, who sits where, and what else can be done. It stands outside of what changes. */
export function deskHead(view: DeskView) {
  const { ui, scope, paused } = view;
  const t = ui.text.desk;
  const settings =
    scope.services.length > 0
      ? html`<a class="button quiet" href="${deskHref(view, '/line')}">${t.lineSettings}</a> `
      : '';
  return html`<div class="row between">${deskName(view)}<nav class="row" aria-label="${t.panelLinks}"><a class="button quiet" href="/desk/${scope.key}${paused ? '' : '?pause'}">${paused ? t.resume : t.pause}</a> ${settings}<a class="button quiet" href="${deskHref(view, '/print')}">${t.print}</a> <a class="button quiet" href="/desk#q" data-key="f">${t.find}</a> <a class="button quiet" href="/desk">${t.allQueues}</a> <span data-shortcuts="${t.shortcuts}"></span></nav></div>${deskStrip(view)}`;
}

/** What a panel is about, by its name as it is now: an admin may give it another one. */
export function deskName({ scope }: Pick<DeskView, 'scope'>) {
  return html`<h1 id="desk-name">${scope.name}</h1>`;
}

/** Where the actor sits, and what they can do about it. It is told anew with the panel: somebody may take the desk over. */
export function deskStrip(view: DeskView) {
  return html`<div id="desk-strip" class="stack">${strip(view)}${takeOver(view)}</div>`;
}

function strip(view: DeskView) {
  const { ui, scope } = view;
  const t = ui.text.desk;
  const { mine, desk } = scope;
  // At a place with desks, whoever is called would not be told where to go.
  if (!mine && scope.deskNames.size > 0)
    return html`<p class="notice" data-kind="warning"><span>${t.noDeskToCallTo} <a href="/desk">${t.chooseDesk}</a></span></p>`;
  if (!mine) return html`<p class="hint">${t.noDesk} <a href="/desk">${t.chooseDesk}</a></p>`;
  if (desk?.id !== mine.id)
    return html`<p class="hint">${t.youAreAt(mine.name)} <a href="/desk/${mine.id}">${t.toDesk(mine.name)}</a></p>`;
  const serves = t.serves(scope.services.map(({ name }) => name));
  const pause = mine.pausedAt
    ? button(deskHref(view, '/resume'), t.resumeDesk)
    : button(deskHref(view, '/pause'), t.pauseDesk);
  return html`<div class="row"><p class="hint">${serves}</p> ${pause} ${button(deskHref(view, '/leave'), t.leaveDesk)}</div>`;
}

/** Far from where Next stood: nobody takes a desk back by pressing out of habit. */
function takeOver(view: DeskView) {
  const { staffName } = view.scope.desk ?? {};
  if (!staffName || worksHere(view.scope)) return '';
  return html`<form method="post" action="${deskHref(view, '/take')}" data-once="true"><input type="hidden" name="hand_over" value="on"><button class="quiet" type="submit">${view.ui.text.desk.takeOver(staffName)}</button></form>`;
}

function button(action: string, label: string) {
  return html`<form method="post" action="${action}"><button class="quiet" type="submit">${label}</button></form>`;
}
