import type { MethodId } from "../../domain/ids.ts"
import { clockOnce, dayFirstOnce, dayFirstOnceShort } from "../time.ts"
import { msSupport } from "./msSupport.ts"
import type { SlackWords } from "./SlackWords.ts"

const by: Record<MethodId, string> = { SMS: "SMS", EMAIL: "e-mel" }

const wasYou = "Jika ini anda, tiada apa yang perlu dilakukan."

/** Malay, as it is written in Malaysia. */
export const ms: SlackWords = {
  language: "ms-MY",
  when: dayFirstOnce,
  whenShort: dayFirstOnceShort,
  clock: clockOnce,
  commands: {
    help: { usage: "help", help: "Senarai ini." },
    status: { usage: "status", help: "Cara akaun anda dilindungi." },
    change: {
      usage: "change [kaedah]",
      help: "Senarai semak yang membawa anda ke kaedah lain, langkah demi langkah."
    },
    lost: { usage: "lost", help: "Apa yang perlu dibuat jika telefon atau peti mel anda hilang." },
    why: { usage: "why", help: "Lima perkara terakhir yang berlaku pada perlindungan anda." },
    link: { usage: "link", help: "Pautkan pengguna Slack ini kepada akaun anda, di portal." },
    unlink: { usage: "unlink", help: "Buang pautan itu." },
    cases: { usage: "cases", help: "Kes yang belum ditutup." },
    case: { usage: "case C-7F3K", help: "Satu kes, dengan butangnya." },
    find: { usage: "find <id akaun>", help: "Keadaan satu akaun, tanpa alamat." },
    nudge: { usage: "nudge C-7F3K", help: "Tanya pelanggan sama ada mereka masih memerlukan bantuan." }
  },
  by: { portal: "oleh portal", support: "oleh pasukan sokongan", system: "secara automatik" },
  account: (account) => `Akaun ${account}`,
  neverType:
    "Jangan sekali-kali menaip kod atau kata laluan dalam Slack. Kod dan kata laluan dimasukkan di portal sahaja.",
  contact: (brand) => `Hubungi pasukan sokongan ${brand}.`,
  supportAt: (brand) => `Sokongan ${brand}`,
  oneMoment: "Sebentar…",
  close: "Tutup",
  buttons: {
    open: "Buka langkah ini",
    codeNotArrived: "Kod belum sampai",
    stuck: "Saya tersekat",
    tellSupport: "Beritahu sokongan",
    link: "Pautkan akaun saya",
    openPortal: "Buka portal",
    enterCode: "Masukkan kod",
    ways: "Lihat caranya",
    status: "Semak semula"
  },
  guide: {
    marks: { waiting: "menunggu", here: "anda di sini", done: "selesai" },
    done: "Semua langkah selesai. Standard keselamatan anda telah dikemas kini, dan satu e-mel mengesahkannya.",
    replaced: "Senarai semak yang lebih baharu telah menggantikan yang ini. Tiada apa yang diubah olehnya.",
    begun:
      "Senarai semak anda ada dalam mesej terus anda dengan bot ini. Ia menanda sendiri semasa anda melalui portal.",
    refused: "Tiada senarai semak dimulakan, dan tiada apa yang diubah.",
    alreadyEmail: "Kod anda sudah dihantar melalui e-mel, dan ke situlah senarai semak ini menuju.",
    otherWay: (method) =>
      `Senarai semak ini membawa daripada mesej teks kepada e-mel. Untuk menukar kepada ${method}, gunakan *Tukar kaedah* di portal: kaedah sedia ada kekal aktif sehingga kaedah baharu disahkan.`
  },
  steps: {
    noMarks: (command) =>
      `Pengguna Slack ini tidak dipautkan kepada mana-mana akaun, jadi langkah-langkah ini tidak menanda sendiri. Untuk memautkannya, taip ${command}.`
  },
  status: {
    heading: "Cara akaun anda dilindungi",
    on: (method) => `Pengesahan dua faktor aktif. Kod anda dihantar melalui ${by[method]}.`,
    pending: (method, until) =>
      `Kaedah baharu anda, kod melalui ${by[method]}, menunggu kodnya dimasukkan hingga ${until}.`,
    reset: (when) =>
      `Sokongan diminta menetapkan semula pengesahan dua faktor anda. Ia berkuat kuasa ${when}, melainkan anda menghentikannya di portal.`
  },
  home: {
    hello: (brand) =>
      `Bot ini memandu anda melalui Keselamatan Akaun ${brand} dan memaklumkan apa yang berlaku pada akaun anda. Setiap perubahan dibuat di portal.`,
    words: "Apa yang boleh anda taip dalam mana-mana saluran"
  },
  lost: {
    tell: "Jika tiada satu pun membantu, tekan *Beritahu sokongan*. Satu kes dibuka: pasukan sokongan melihat id akaun anda dan cara ia dilindungi, bukan alamat atau nombor. Tiada apa yang diubah olehnya.",
    linkFirst: (command) =>
      `Pengguna Slack ini tidak dipautkan kepada mana-mana akaun, jadi tiada apa yang boleh diminta daripada pasukan sokongan dari sini. Jika anda masih boleh log masuk, pautkannya dahulu dengan ${command}.`
  },
  linking: {
    heading: "Pautkan akaun anda",
    offer: (until) =>
      `Tekan *Buka portal* dan log masuk di sana dengan faktor kedua anda. Pautan ini sah selama sepuluh minit, hingga ${until}, dan berfungsi sekali sahaja.`,
    afterwards:
      "Selepas anda membukanya, bot ini menghantar satu nombor kepada anda melalui mesej terus. Pilih nombor yang sama di portal.",
    number: (number) => `Pilih nombor ini di portal: *${number}*`,
    notAsked: "Jika anda tidak memintanya, jangan pilih apa-apa: tiada apa yang akan dipautkan.",
    linked: (account) => `Pengguna Slack ini kini dipautkan kepada akaun ${account}.`,
    seen: "Anda melihat statusnya di sini dan dimaklumkan apabila perlindungannya berubah. Tiada apa yang boleh diubah dari Slack.",
    undo: (command) => `Untuk membuang pautan ini, taip ${command}.`,
    already: (account) => `Pengguna Slack ini sudah dipautkan kepada akaun ${account}. Tiada apa yang diubah.`,
    unlinked: (account) =>
      `Pengguna Slack ini tidak lagi dipautkan kepada akaun ${account}: statusnya tidak ditunjukkan di sini lagi, dan tiada makluman dihantar ke sini. Perlindungan akaun itu kekal seperti sebelumnya.`,
    again: (command) => `Untuk memautkannya semula, taip ${command}.`,
    notLinked:
      "Pengguna Slack ini tidak dipautkan kepada mana-mana akaun, jadi tiada apa yang boleh ditunjukkan. Tiada apa yang diubah. Pautkan akaun anda dahulu: itu dibuat di portal, setelah log masuk."
  },
  notice: {
    next: {
      enabled: wasYou,
      changed: wasYou,
      disabled: `${wasYou} Akaun anda dilindungi oleh kata laluan sahaja, sehingga pengesahan dua faktor disediakan semula.`,
      locked:
        "Sehingga diberitahu kelak, tiada kod dihantar dan tiada kod diterima. Pengesahan dua faktor masih melindungi akaun anda. Untuk log masuk semula, hubungi pasukan sokongan.",
      reported: "Semua perubahan selanjutnya dihentikan. Log masuk masih berfungsi.",
      undone: wasYou,
      reset: "Jika anda yang memintanya, tiada apa yang perlu dilakukan."
    },
    page: "Jika itu bukan anda, nyatakannya pada halaman di sebalik butang ini. Membukanya sahaja tidak mengubah apa-apa.",
    noPage: "Jika itu bukan anda, lihat Keselamatan Akaun sekarang dan hubungi pasukan sokongan."
  },
  delivery: {
    none: "Tiada kod sedang dihantar: kod belum diminta, atau masanya sudah tamat. Tiada apa yang diubah.",
    startAtPortal: "Minta kod di portal, dengan kata laluan anda.",
    again: (clock) => `Anda boleh meminta kod lain pada halaman itu, mulai ${clock}.`
  },
  caseOpened: {
    fresh: (caseId) => `Pasukan sokongan kini tahu. Kes anda ialah *${caseId}*.`,
    again: (caseId) => `Kes anda *${caseId}* sudah dibuka. Pasukan sokongan melihat bahawa anda bertanya lagi.`,
    at: (step) => `Kedudukan anda: ${step}.`,
    sees: "Pasukan sokongan melihat id akaun anda, langkah anda dan kedudukan kod anda; bukan alamat atau nombor. Tiada sesiapa dalam pasukan sokongan meminta kod atau kata laluan anda."
  },
  nudge: {
    asks: {
      stuck: (caseId) => `Pasukan sokongan bertanya: adakah anda masih tersekat? Kes anda ialah *${caseId}*.`,
      lost: (caseId) =>
        `Pasukan sokongan bertanya: adakah telefon atau peti mel anda masih hilang? Kes anda ialah *${caseId}*.`,
      reported: (caseId) =>
        `Pasukan sokongan bertanya: adakah anda masih memerlukan bantuan tentang perubahan yang bukan dibuat oleh anda? Kes anda ialah *${caseId}*.`
    },
    next: "Jika semuanya baik, tiada apa yang perlu dilakukan. Jika tidak, teruskan di Keselamatan Akaun, atau hubungi pasukan sokongan dan sebut nama kes itu."
  },
  help: { heading: "Apa yang boleh anda taip", support: "Untuk pasukan sokongan" },
  unknown: {
    what: "Tiada perkataan sedemikian, jadi tiada apa yang dibuat.",
    nearest: (command) => `Adakah anda maksudkan ${command}?`,
    all: (command) => `Semua perkataan: ${command}`
  },
  secret: {
    what: "Itu kelihatan seperti kod atau kata laluan.",
    nobody: (brand) => `Tiada sesiapa di ${brand} pernah memintanya, di sini atau di mana-mana.`,
    notKept: "Ia tidak disimpan.",
    cancelled:
      "Sebagai langkah selamat, semua kod terbuka bagi akaun anda telah dibatalkan. Kaedah anda kekal seperti sebelumnya.",
    notCancelled: "Tiada kod dibatalkan dari sini.",
    next: "Padamkan mesej anda. Jika itu kata laluan, tukarnya. Kemudian mula semula di portal."
  },
  notForYou: (command) =>
    `Perkataan itu untuk pasukan sokongan, jadi tiada apa yang dibuat. Apa yang boleh anda taip: ${command}`,
  slowDown:
    "Itu terlalu banyak sekali gus, jadi permintaan terakhir anda tidak dijalankan. Tiada apa yang diubah. Cuba lagi dalam seminit.",
  support: msSupport
}
