import type { MethodId } from "../../domain/ids.ts"
import type { SupportWords } from "./SupportWords.ts"

const by: Record<MethodId, string> = { SMS: "SMS", EMAIL: "e-mel" }

/** Malay, as it is written in Malaysia. */
export const msSupport: SupportWords = {
  labels: {
    account: "Akaun",
    step: "Langkah",
    delivery: "Mesej kod",
    protection: "Perlindungan",
    method: "Kaedah",
    status: "Keadaan",
    claimedBy: "Diambil oleh",
    opened: "Dibuka",
    changed: "Perubahan terakhir",
    pending: "Menunggu kod",
    last: "Langkah terakhir"
  },
  kinds: {
    stuck: "Tersekat",
    lost: "Telefon atau peti mel hilang",
    reported: "Perubahan bukan oleh pemilik"
  },
  statuses: { opened: "Terbuka", claimed: "Diambil", guided: "Senarai semak dihantar", closed: "Ditutup" },
  verdicts: {
    queued: "Menunggu untuk dihantar",
    handed_over: "Sudah diserahkan",
    deferred: "Belum diterima, sedang dicuba lagi",
    failed: "Gagal"
  },
  protections: {
    off: "Dimatikan: kata laluan sahaja",
    on: "Aktif",
    suspended: "Kemasukan kod dihentikan sementara"
  },
  actions: { claim: "Ambil", guide: "Hantar panduan", close: "Tutup" },
  noStep: "Tiada senarai semak",
  noCode: "Tiada kod diminta",
  noMethod: "Tiada",
  nothingYet: "Belum ada apa-apa",
  frozen: "dibekukan oleh pemiliknya",
  mustEnrol: "ditetapkan semula, perlu disediakan semula",
  pending: (method, until) => `Kod melalui ${by[method]}, hingga ${until}`,
  lines: {
    again: "Pelanggan bertanya lagi. Sila ambil kes ini atau hantar senarai semak.",
    locked:
      "Kemasukan kod bagi akaun ini dihentikan sementara selepas terlalu banyak kod yang salah. Pemiliknya tidak dapat log masuk dan memerlukan anda: semak siapa mereka, kemudian mulakan penetapan semula.",
    reported:
      "Pemilik menyatakan bahawa satu perubahan bukan dibuat olehnya, jadi perubahan dihentikan. Sila ambil kes ini dan hubungi pemilik melalui butiran yang ada dalam rekod anda."
  },
  alarms: {
    delivery: {
      heading: "Kod tidak sampai",
      body: "Mesej yang membawa kod gagal atau menunggu terlalu lama. Semak pelayan mel dan perkhidmatan SMS."
    },
    "lock-out": {
      heading: "Akaun-akaun sedang dikunci",
      body: "Terlalu banyak kod yang salah dimasukkan pada beberapa akaun. Seseorang mungkin sedang meneka; perlindungannya bertahan."
    },
    "outage-mail": {
      heading: "Pelayan mel tidak menjawab",
      body: "E-mel menunggu dan dihantar sebaik sahaja pelayan pulih, selagi masih berguna. Semak pelayan mel."
    },
    "outage-slack": {
      heading: "Slack tidak menjawab",
      body: "Mesej bot ini menunggu dan ditulis sebaik sahaja Slack pulih."
    }
  },
  raised: (count, since, at) =>
    count === 1 ? `Dibangkitkan sekali, ${at}.` : `Dibangkitkan ${count} kali: pertama ${since}, terakhir ${at}.`,
  lastAccounts: "Akaun terakhir",
  over: (at) => `Sudah berakhir sejak ${at}.`,
  journey: {
    off: (account, from) =>
      `Pengesahan dua faktor${from === null ? "" : ` melalui ${by[from]}`} dimatikan bagi akaun ${account}`,
    waiting: "belum disediakan semula",
    again: (standard, at) => `disediakan semula: ${standard}, ${at}`,
    changed: (account, from, to) => `Akaun ${account} menukar kaedahnya: ${from} kepada ${to}`,
    now: (account, to) => `Kaedah akaun ${account} kini ialah ${to}`
  },
  reset: {
    requested: (account) =>
      `Penetapan semula pengesahan dua faktor diminta bagi akaun ${account}. Ia menunggu, dan pemiliknya boleh menghentikannya.`,
    cancelled: (account) => `Penetapan semula pengesahan dua faktor bagi akaun ${account} dihentikan.`,
    executed: (account) =>
      `Penetapan semula bagi akaun ${account} telah dilaksanakan: pengesahan dua faktor dimatikan sehingga pemiliknya menyediakannya semula.`
  },
  cases: {
    heading: "Kes yang belum ditutup",
    none: "Tiada kes terbuka.",
    more: (count) => `Dan ${count} lagi, yang lebih lama.`,
    one: (command) => `Satu kes dengan butangnya: ${command}`
  },
  noSuchCase: (example) => `Tiada kes sedemikian, jadi tiada apa yang dibuat. Kes dinamakan seperti ${example}.`,
  movedOn: (caseId) =>
    `Kes *${caseId}* telah berubah sementara itu, jadi tiada apa yang dibuat. Inilah keadaannya sekarang.`,
  notFound: "Tiada akaun dengan id itu. Id dibandingkan huruf demi huruf, termasuk huruf besar.",
  nudged: (caseId) =>
    `Pelanggan bagi *${caseId}* telah ditanya melalui mesej terus sama ada mereka masih memerlukan bantuan.`,
  cannotReach: (caseId) =>
    `Tiada pengguna Slack dipautkan kepada akaun bagi *${caseId}*, jadi tiada apa yang dihantar. Hubungi pelanggan dengan cara lain.`,
  linkRefused: "Nombor yang salah untuk pautan Slack",
  events: {
    "account.imported": "Akaun didaftarkan",
    "account.contact_changed": "Butiran hubungan diubah",
    "account.deleted": "Akaun dipadamkan",
    signed_in: "Log masuk",
    "code.requested": "Kod diminta",
    "code.accepted": "Kod yang betul dimasukkan",
    "code.rejected": "Kod yang salah dimasukkan",
    "password.rejected": "Kata laluan yang salah dimasukkan",
    "challenge.closed": "Kod tidak sah lagi",
    "method.enabled": "Pengesahan dua faktor dihidupkan",
    "method.changed": "Kaedah ditukar",
    "method.disabled": "Pengesahan dua faktor dimatikan",
    "method.suspended": "Kemasukan kod dihentikan sementara",
    "protection.reported": "Perubahan dilaporkan bukan oleh pemilik",
    "protection.undone": "Perubahan dibatalkan, atau laporan ditarik balik",
    "delivery.failed": "Mesej tidak dapat dihantar",
    "reset.requested": "Penetapan semula diminta",
    "reset.cancelled": "Penetapan semula dihentikan",
    "reset.executed": "Penetapan semula dilaksanakan",
    "slack.linked": "Pengguna Slack dipautkan",
    "slack.unlinked": "Pautan pengguna Slack dibuang"
  }
}
