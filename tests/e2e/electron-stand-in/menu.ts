/** Menu: the application menu, from which the test chooses by label. */

import { strictly } from './represented.ts';
import { onCommand, record } from './test-line.ts';
import { BrowserWindow } from './window.ts';

type Template = Electron.MenuItemConstructorOptions;

class MenuItem {
  readonly label: string;
  readonly submenu: Menu | undefined;
  enabled: boolean;
  readonly #template: Template;

  constructor(template: Template) {
    this.#template = template;
    this.label = template.label ?? template.role ?? '';
    this.enabled = template.enabled ?? true;
    this.submenu = Array.isArray(template.submenu) ? Menu.buildFromTemplate(template.submenu) : undefined;
  }

  click(): void {
    const { click, role } = this.#template;
    if (!this.enabled) return;
    if (click) Reflect.apply(click, undefined, [this, BrowserWindow.getFocusedWindow(), {}]);
    else record('menu-role', role);
  }
}

export class Menu {
  static #current: Menu | null = null;
  readonly items: readonly MenuItem[];

  static buildFromTemplate(template: readonly Template[]): Menu {
    return new Menu(template.map((one) => new MenuItem(one)));
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.#current = menu;
    record('Menu.setApplicationMenu', menu?.labels() ?? null);
  }

  static getApplicationMenu(): Menu | null {
    return Menu.#current;
  }

  constructor(items: readonly MenuItem[] = []) {
    this.items = items;
  }

  labels(): object[] {
    return this.items.map(({ label, submenu }) => ({ label, items: submenu?.labels() ?? [] }));
  }

  choose(label: string): void {
    const item = this.find((one) => one.label === label);
    if (!item) throw new Error(`The application menu has no "${label}".`);
    item.click();
  }

  find(isIt: (item: MenuItem) => boolean): MenuItem | undefined {
    for (const item of this.items) {
      const found = isIt(item) ? item : item.submenu?.find(isIt);
      if (found) return found;
    }
    return undefined;
  }
}
strictly('MenuItem', MenuItem.prototype);
strictly('Menu', Menu.prototype);

onCommand('choose', ({ label }) => Menu.getApplicationMenu()?.choose(label));
