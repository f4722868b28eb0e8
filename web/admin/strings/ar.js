// Every text of the console, in Arabic. Names of fields and menus of other products are as those products write them.

/** What only the console is refused, by the server's code. @type {Record<string, { title: string, safe: string, next: string } | undefined>} */
const problems = {
  'token-over': { title: 'انتهت صلاحية هذا الرمز المميز', safe: 'لم يتغيّر شيء.', next: 'لقد أُلغي أو انتهت مدته. أنشئ رمزًا مميزًا جديدًا.' },
  'connection-needed': { title: 'توجد عدة اتصالات', safe: 'لم يتغيّر شيء.', next: 'أعد تحميل الصفحة واختر الاتصال الذي سيسجّل هؤلاء الأشخاص الدخول عبره.' },
};

/** @type {typeof import('./en.js').en} */
export const ar = {
  lang: 'ar',
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
    life: {
      states: { live: 'صالح', expiring: 'ينتهي قريبًا', expired: 'انتهى', revoked: 'ملغى' },
      neverUsed: 'لم يُستخدم بعد',
      /** @param {string[]} parts address and program */
      from: (parts) => `من ${parts.join('، ')}`,
      /** @param {string} name */
      forConnection: (name) => `لتسجيل الدخول عبر ${name}`,
    },
    make: {
      description: 'الوصف',
      days: 'عدد الأيام حتى الانتهاء',
      daysHint: 'من 1 إلى 366. عند الانتهاء يتوقف التزويد، وتُنبَّه قبل ذلك بـ 30 و14 و7 أيام ثم بيوم واحد.',
      connection: 'الأشخاص الذين يُنشئهم يسجّلون الدخول عبر',
      confirm: 'إنشاء',
      done: 'لقد نسخته',
      once: 'هذه هي المرة الوحيدة التي يُعرض فيها. لا يحتفظ الخادم بشيء يمكنه أن يعرضه منه ثانيةً.',
      noDescription: 'اذكر الغرض منه.',
      noDays: 'أدخل عددًا صحيحًا من 1 إلى 366.',
      noConnection: 'اختر واحدًا.',
      lostAnswer: 'ربما أُنشئ رغم ذلك. إن ظهر في القائمة بعد إعادة التحميل فألغِه: لم يرَ أحد سرّه.',
    },
    tokens: {
      heading: 'الرموز المميزة',
      lead: 'بالرمز المميز يثبت مزوّد الهوية أن له أن يزوّد. يمكن أن تصلح عدة رموز في الوقت نفسه.',
      columns: ['الرمز المميز', 'الحالة', 'الانتهاء', 'آخر استخدام', 'الإجراءات'],
      none: 'لا يوجد رمز مميز بعد. أنشئ واحدًا والصقه لدى مزوّد الهوية.',
      /** @param {number} n */
      over: (n) => `رموز مميزة انتهت: ${n}`,
      create: 'إنشاء رمز مميز',
      descriptionHint: 'الغرض منه، مثل اسم مزوّد الهوية.',
      created: 'رمزك المميز الجديد',
      createdLead: 'الصق هاتين القيمتين لدى مزوّد الهوية، ثم اختبر الاتصال هناك.',
      secretField: 'الرمز المميز (في Entra: ‏Secret token، وفي Okta: ‏Authorization)',
      rotate: 'استبدال',
      /** @param {string} name */
      rotateName: (name) => `استبدال الرمز المميز ${name}`,
      /** @param {string} name */
      rotateHeading: (name) => `استبدال الرمز المميز «${name}»`,
      rotateLead: 'تحصل على رمز مميز جديد، ويبقى القديم صالحًا لفترة كي يستمر التزويد بينما تلصق الجديد.',
      rotateConfirm: 'إنشاء الرمز الجديد',
      hours: 'عدد الساعات التي يبقى فيها القديم صالحًا',
      hoursHint: 'من 1 إلى 168. يسأل Entra كل 40 دقيقة تقريبًا، ويكفي يوم واحد للّصق والتحقق.',
      noHours: 'أدخل عددًا صحيحًا من 1 إلى 168.',
      rotatedLead: 'الصقه لدى مزوّد الهوية مكان القديم، ثم اختبر الاتصال هناك.',
      /** @param {number} hours */
      rotatedAfter: (hours) => `ينتهي الرمز القديم بعد مدة أقصاها (بالساعات): ${hours}.`,
      newerInUse: 'هناك رمز أحدث قيد الاستخدام: يمكن إلغاء هذا.',
      newerUnused: 'هناك رمز أحدث لم يُستخدم بعد: الصقه قبل أن ينتهي هذا.',
      revoke: 'إلغاء الرمز',
      /** @param {string} name */
      revokeName: (name) => `إلغاء الرمز المميز ${name}`,
      /** @param {string} name */
      revokeHeading: (name) => `أتريد إلغاء الرمز المميز «${name}»؟`,
      revokeLead: 'يُرفض الطلب التالي به. لا يمكن التراجع عن ذلك، ويبقى الأشخاص والمجموعات كما هم.',
      revokeInUse: 'لقد كان قيد الاستخدام. إن كان لا يزال لدى مزوّد الهوية فسيتوقف التزويد.',
      revoked: 'أُلغي الرمز المميز',
      /** @param {string} name @param {number} days @param {string} date */
      warning: (name, days, date) => `ينتهي الرمز المميز «${name}» ${days === 1 ? 'خلال يوم' : `خلال مدة أقصاها ${days} يومًا`}، في ${date}. عندئذٍ يتوقف التزويد.`,
      rotateNow: 'استبدله الآن',
    },
    clients: {
      heading: 'عملاء OAuth',
      lead: 'لمزوّدي الهوية الذين يطلبون بيانات اعتماد العميل في OAuth 2.0 ‏(client credentials) بدلًا من الرمز المميز.',
      columns: ['العميل', 'الحالة', 'الانتهاء', 'آخر استخدام', 'الإجراءات'],
      none: 'لا يوجد عميل. لا تحتاج إليه إن كان مزوّد الهوية يقبل رمزًا مميزًا.',
      /** @param {number} n */
      over: (n) => `عملاء انتهت صلاحيتهم: ${n}`,
      create: 'إنشاء عميل',
      created: 'عميلك الجديد',
      createdLead: 'الصق هذه القيم لدى مزوّد الهوية، واترك النطاق (scope) فارغًا.',
      idField: 'معرّف العميل (Client ID)',
      secretField: 'سرّ العميل (Client secret)',
      tokenUrl: 'نقطة نهاية الرمز (Token endpoint)',
      revoke: 'إلغاء العميل',
      /** @param {string} name */
      revokeName: (name) => `إلغاء العميل ${name}`,
      /** @param {string} name */
      revokeHeading: (name) => `أتريد إلغاء العميل «${name}»؟`,
      revokeLead: 'يُرفض هو ورموز الوصول الخاصة به ابتداءً من الطلب التالي. لا يمكن التراجع عن ذلك، ويبقى الأشخاص والمجموعات كما هم.',
      revoked: 'أُلغي العميل',
    },
  },
};
