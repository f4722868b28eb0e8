// Every text of the console, in Arabic. Names of fields and menus of other products are as those products write them.

/** What only the console is refused, by the server's code. @type {Record<string, { title: string, safe: string, next: string } | undefined>} */
const problems = {};

/** @type {typeof import('./en.js').en} */
export const ar = {
  lang: 'ar',
  problems,
  /** @param {string} code */
  problem: (code) => problems[code],
  refused: 'لا يقبل الخادم هذا',
  nothingChanged: 'لم يتغيّر شيء.',

  nav: {
    label: 'لوحة الإدارة',
    menu: 'القائمة',
    vault: 'خزنتك',
    authentication: 'المصادقة',
    scim: 'تزويد SCIM',
  },

  scim: {
    heading: 'تزويد SCIM',
    lead: 'يخبر مزوّد الهوية Freehold بمن يعمل هنا، ولا يرى أي مفتاح أبدًا.',
    state: 'التزويد',
    on: '‏SCIM مفعّل',
    off: '‏SCIM متوقف: يُردّ على كل طلب بالرمز 403، ويبقى الأشخاص والرموز المميزة محفوظين.',
    toggle: 'قبول طلبات SCIM',
    url: 'عنوان SCIM (في Entra: ‏Tenant URL)',
  },
};
