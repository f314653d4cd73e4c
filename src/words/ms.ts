import type { MethodId, Purpose } from "../domain/ids.ts"
import type { CustomerLetter } from "../domain/letters.ts"
import type { ContactPart, Words } from "./Words.ts"
import { clockOnce, dayFirst, dayFirstOnce, dayFirstOnceShort, dayFirstShort } from "./time.ts"

const byWhat: Record<MethodId, string> = { SMS: "SMS", EMAIL: "e-mel" }
const codes: Record<MethodId, string> = { SMS: "Kod SMS", EMAIL: "Kod e-mel" }
const place: Record<MethodId, string> = { SMS: "nombor", EMAIL: "alamat" }
const parts: Record<ContactPart, string> = {
  email: "alamat e-mel",
  phone: "nombor telefon",
  password: "kata laluan"
}

const updated = (method: MethodId): string => `Standard keselamatan anda telah dikemas kini kepada ${method}`

const replacedBy = (from: MethodId, to: MethodId): string =>
  from === to
    ? `${codes[from]} kini dihantar ke ${place[from]} lain`
    : `${codes[from]} telah digantikan dengan ${byWhat[to]}`

const enter: Record<Purpose, (method: MethodId) => string> = {
  "sign-in": () => "Masukkan kod ini untuk log masuk.",
  "step-up": () => "Masukkan kod ini untuk mengesahkan identiti anda.",
  setup: (method) => `Masukkan kod ini untuk mengaktifkan pengesahan dua faktor melalui ${byWhat[method]}.`,
  change: (method) => `Masukkan kod ini untuk menukar standard keselamatan anda kepada ${method}.`
}

const enterShort: Record<Purpose, string> = {
  "sign-in": "untuk log masuk",
  "step-up": "untuk mengesahkan identiti",
  setup: "untuk mengaktifkan 2FA",
  change: "untuk menukar 2FA"
}

const during: Record<Purpose, string> = {
  "sign-in": "log masuk",
  "step-up": "semakan keselamatan",
  setup: "penyediaan pengesahan dua faktor",
  change: "penukaran pengesahan dua faktor"
}

const proved: Record<Purpose, string> = {
  "sign-in": "Seseorang telah log masuk",
  "step-up": "Seseorang telah lulus semakan keselamatan",
  setup: "Seseorang telah mengaktifkan pengesahan dua faktor",
  change: "Seseorang telah menukar standard keselamatan anda"
}

const abouts: Readonly<Record<string, string>> = {
  changed: "penukaran standard keselamatan anda",
  replaced: "penukaran standard keselamatan anda",
  disabled: "penyahaktifan pengesahan dua faktor",
  unfinished: "pengesahan dua faktor yang tidak aktif",
  suspended: "kemasukan kod yang dihentikan sementara",
  tries: "kod yang salah selepas kata laluan yang betul",
  proved_after_failures: "kod yang betul selepas beberapa kod yang salah",
  contact: "perubahan butiran hubungan anda",
  reset: "penetapan semula pengesahan dua faktor anda oleh sokongan",
  slack: "pengguna Slack dan status pengesahan dua faktor anda"
} satisfies Record<Exclude<CustomerLetter["_tag"], "code" | "undelivered">, string>

const shownTo = (slackUser: string): string =>
  slackUser === "" ? "Seorang pengguna Slack" : `Pengguna Slack @${slackUser}`

const linked = (slackUser: string): string =>
  `${shownTo(slackUser)} kini boleh melihat status pengesahan dua faktor anda`
const unlinked = (slackUser: string): string =>
  `${shownTo(slackUser)} tidak lagi boleh melihat status pengesahan dua faktor anda`

const opening = "Membuka halaman itu sahaja tidak mengubah apa-apa."
const ifNotYou = "Jika bukan anda yang melakukannya,"

const list = (items: ReadonlyArray<string>, type: "conjunction" | "disjunction" = "conjunction"): string =>
  new Intl.ListFormat("ms-MY", { type }).format(items)

/** Malay, as it is written in Malaysia. */
export const ms: Words = {
  language: "ms-MY",
  greeting: { named: ["Salam sejahtera ", ","], unnamed: "Salam sejahtera," },
  labels: {
    account: "Akaun",
    when: "Masa",
    where: "Daripada",
    askedBy: "Diminta oleh",
    takesEffect: "Berkuat kuasa"
  },
  when: dayFirst,
  whenShort: dayFirstShort,
  where: ({ browser, system }) => (browser === null ? system : system === null ? browser : `${browser} pada ${system}`),
  account: (accountId) => `Akaun ${accountId}`,
  neverAsk: "Kami tidak pernah meminta kod ini melalui telefon, sembang atau e-mel.",
  neverAskShort: "Kami tidak pernah meminta kod.",
  codesAreYours: "Kod pengesahan adalah untuk anda sahaja.",
  notYou: ({ brand, supportEmail, portalUrl }) => {
    const ways = [supportEmail === null ? [] : [`di ${supportEmail}`], portalUrl === null ? [] : [`di ${portalUrl}`]]
    const where = list(ways.flat(), "disjunction")
    return `${ifNotYou} hubungi sokongan ${brand}${where === "" ? "" : ` ${where}`} dengan segera.`
  },
  notYouShort: ({ brand, supportEmail, portalUrl }) =>
    supportEmail === null && portalUrl !== null
      ? `Bukan anda? Layari ${new URL(portalUrl).host}.`
      : `Bukan anda? Hubungi ${supportEmail ?? `sokongan ${brand}`}.`,
  alsoContact: ({ brand, supportEmail }) =>
    `Anda juga boleh menghubungi sokongan ${brand}${supportEmail === null ? "" : ` di ${supportEmail}`}.`,
  notYouLinkShort: (url) => `Bukan anda? ${url}`,
  notYouCode: ({ brand, supportEmail }) =>
    `Jika anda tidak memintanya, mungkin ada orang lain yang mengetahui kata laluan anda: jangan berikan kod ini ` +
    `kepada sesiapa, tukar kata laluan anda dan hubungi sokongan ${brand}` +
    `${supportEmail === null ? "" : ` di ${supportEmail}`}.`,
  footer: (brand) =>
    `${brand} menghantar mesej ini secara automatik untuk melindungi akaun anda. Balasan tidak dibaca.`,
  mails: {
    code: ({ brand, purpose, method }) => ({
      subject: `Kod pengesahan ${brand} anda`,
      paragraphs: [enter[purpose](method)]
    }),
    codeLives: (until) => `Kod ini boleh digunakan sekali sahaja, hingga ${dayFirstOnce(until)}.`,
    changed: ({ from, to }) => ({
      subject: updated(to),
      paragraphs: [
        `${updated(to)}.`,
        `Pengesahan dua faktor kini aktif: untuk log masuk, anda memerlukan kata laluan dan kod yang kami hantar melalui ${byWhat[to]}.`,
        ...(from === null || from === to ? [] : [`${codes[from]} tidak lagi boleh digunakan untuk akaun anda.`])
      ],
      link: {
        intro: `${ifNotYou} beritahu kami melalui halaman ini dalam masa 72 jam. ${opening}`,
        label: "Ini bukan saya"
      }
    }),
    replaced: ({ from, to }) => ({
      subject: replacedBy(from, to),
      paragraphs: [
        `${replacedBy(from, to)}.`,
        `Kod untuk akaun anda tidak lagi dihantar ke ${place[from]} ini, dan kod yang pernah dihantar ke sini tidak lagi boleh digunakan.`
      ],
      link: {
        intro:
          `${ifNotYou} semak perkara ini dalam masa 72 jam: anda boleh memberitahu kami, atau meminta kod dihantar ` +
          `ke sini semula dengan kata laluan anda dan satu kod. ${opening}`,
        label: "Semak perkara ini"
      }
    }),
    disabled: ({ method }) => ({
      subject: "Pengesahan dua faktor telah dinyahaktifkan",
      paragraphs: [
        `Pengesahan dua faktor telah dinyahaktifkan. Sebelum ini, kod dihantar melalui ${byWhat[method]}.`,
        "Akaun anda dilindungi oleh kata laluan sahaja, sehingga pengesahan dua faktor disediakan semula di Keselamatan Akaun."
      ],
      link: {
        intro:
          `${ifNotYou} semak perkara ini dalam masa 72 jam: anda boleh memberitahu kami, atau mengaktifkannya semula ` +
          `dengan kata laluan anda. ${opening}`,
        label: "Semak perkara ini"
      }
    }),
    unfinished: () => ({
      subject: "Akaun anda dilindungi oleh kata laluan sahaja",
      paragraphs: [
        "Pengesahan dua faktor telah dinyahaktifkan dan belum disediakan semula.",
        "Untuk melindungi akaun anda, buka Akaun Saya, kemudian Keselamatan Akaun, dan pilih Sediakan Pengesahan Dua Faktor."
      ]
    }),
    suspended: ({ method }) => ({
      subject: "Kami menghentikan sementara kemasukan kod untuk akaun anda",
      paragraphs: [
        `Terlalu banyak kod yang salah dimasukkan berturut-turut. Sehingga dimaklumkan kelak, tiada kod dihantar melalui ${byWhat[method]} dan tiada kod diterima.`,
        "Akaun anda kekal dilindungi. Untuk log masuk semula, hubungi sokongan."
      ]
    }),
    tries: ({ purpose }) => ({
      subject: "Seseorang mengetahui kata laluan anda dan memasukkan kod yang salah",
      paragraphs: [
        `Kata laluan yang dimasukkan betul, tetapi beberapa kod yang salah dimasukkan selepas itu, semasa ${during[purpose]}.`,
        "Jika itu anda, tiada apa-apa yang perlu dilakukan. Jika bukan, tukar kata laluan anda sekarang: pengesahan dua faktor telah menghalang mereka."
      ]
    }),
    provedAfterFailures: ({ purpose, failures }) => ({
      subject: `${proved[purpose]} selepas beberapa kod yang salah`,
      paragraphs: [
        `Kod yang betul telah dimasukkan semasa ${during[purpose]}. Bilangan kod yang salah sebelum itu: ${failures}.`,
        "Jika itu anda, tiada apa-apa yang perlu dilakukan. Jika bukan, ada orang lain yang membaca kod anda: tukar kata laluan anda sekarang."
      ]
    }),
    contact: ({ changed }) => ({
      subject: "Butiran hubungan akaun anda telah diubah",
      paragraphs: [
        `Perkara yang berubah: ${list(changed.map((part) => parts[part]))}.`,
        "Pengesahan dua faktor tidak berubah: kod dihantar ke tempat yang sama seperti sebelum ini."
      ]
    }),
    undelivered: ({ channel, address, about }) => ({
      subject: `Kami tidak dapat menghubungi anda di ${address}`,
      paragraphs: [
        `Satu mesej ke ${address} tidak dapat dihantar melalui ${channel === "sms" ? "SMS" : "e-mel"}. ` +
          `Mesej itu mengenai ${abouts[about] ?? "keselamatan akaun anda"}.`,
        "Sila pastikan butiran hubungan ini masih milik anda, dan betulkannya dalam akaun anda jika tidak."
      ]
    }),
    resetRequested: () => ({
      subject: "Sokongan diminta menetapkan semula pengesahan dua faktor anda",
      paragraphs: [
        "Sokongan diminta menetapkan semula pengesahan dua faktor anda. Jika tidak dihentikan, pengesahan dua faktor akan dinyahaktifkan pada masa yang dinyatakan di bawah.",
        "Sehingga masa itu, tiada apa-apa berubah: kod dihantar ke tempat yang sama seperti sebelum ini. Selepas itu, anda log masuk dengan kata laluan dan menyediakan pengesahan dua faktor yang baharu."
      ],
      link: { intro: `Jika anda tidak memintanya, hentikannya. ${opening}`, label: "Hentikan" }
    }),
    resetCancelled: () => ({
      subject: "Penetapan semula pengesahan dua faktor anda telah dihentikan",
      paragraphs: [
        "Sokongan telah diminta menetapkan semula pengesahan dua faktor anda. Permintaan itu telah dihentikan dan tidak akan dilaksanakan.",
        "Pengesahan dua faktor tidak berubah: kod dihantar ke tempat yang sama seperti sebelum ini."
      ]
    }),
    resetExecuted: () => ({
      subject: "Pengesahan dua faktor anda telah ditetapkan semula",
      paragraphs: [
        "Penetapan semula yang diminta daripada sokongan telah berkuat kuasa: pengesahan dua faktor tidak aktif, dan kod yang dihantar sebelum ini tidak lagi boleh digunakan.",
        "Log masuk dengan kata laluan anda. Anda akan diminta menyediakan pengesahan dua faktor yang baharu sebelum meneruskan perkara lain."
      ]
    }),
    slackLinked: ({ slackUser }) => ({
      subject: linked(slackUser),
      paragraphs: [
        `${linked(slackUser)}: di Slack, pengguna ini boleh menyemak cara akaun anda dilindungi dan perkara yang terakhir berlaku, serta dimaklumkan apabila ada perubahan.`,
        "Slack tidak sekali-kali boleh mengubah perlindungan akaun anda atau menerima kod. Jangan masukkan kod atau kata laluan di Slack.",
        "Perkara ini boleh ditamatkan pada bila-bila masa dengan perkataan unlink di Slack."
      ]
    }),
    slackUnlinked: ({ slackUser }) => ({
      subject: unlinked(slackUser),
      paragraphs: [
        `${unlinked(slackUser)} dan tidak lagi dimaklumkan tentang perubahannya.`,
        "Perlindungan akaun anda tidak berubah: Slack tidak sekali-kali boleh mengubahnya atau menerima kod.",
        "Untuk menunjukkan status anda kepada pengguna Slack semula, gunakan perkataan link di Slack."
      ]
    })
  },
  texts: {
    code: ({ brand, purpose, code }) => `${brand}: ${code} ialah kod anda ${enterShort[purpose]}.`,
    codeLives: (until) => `Hingga ${clockOnce(until)}.`,
    changed: ({ to }) => `${updated(to)}.`,
    replaced: ({ from, to }) => `${replacedBy(from, to)}.`,
    disabled: () => "Pengesahan dua faktor telah dinyahaktifkan.",
    unfinished: () => "Akaun anda dilindungi oleh kata laluan sahaja. Sediakan semula 2FA.",
    suspended: () => "Terlalu banyak kod salah: kemasukan kod untuk akaun anda dihentikan sementara.",
    tries: () => "Seseorang mengetahui kata laluan anda dan memasukkan kod yang salah.",
    provedAfterFailures: ({ purpose }) => `${proved[purpose]} selepas beberapa kod salah.`,
    contact: ({ changed }) => `Telah diubah: ${list(changed.map((part) => parts[part]))}.`,
    undelivered: ({ address }) => `Kami tidak dapat menghubungi anda di ${address}.`,
    resetRequested: () => "Sokongan diminta menetapkan semula 2FA anda.",
    takesEffect: (due) => `Berkuat kuasa ${dayFirstOnceShort(due)}.`,
    resetCancelled: () => "Penetapan semula 2FA anda telah dihentikan. Tiada apa-apa berubah.",
    resetExecuted: () => "2FA anda telah ditetapkan semula dan kini tidak aktif. Sila sediakannya semula.",
    slackLinked: ({ slackUser }) => `${shownTo(slackUser)} kini boleh melihat status 2FA anda.`,
    slackUnlinked: ({ slackUser }) => `${shownTo(slackUser)} tidak lagi boleh melihat status 2FA anda.`
  }
}
