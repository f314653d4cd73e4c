import type { MethodId, Purpose } from "../../domain/ids.ts"
import type { PageWords, Refused } from "./PageWords.ts"

const by: Record<MethodId, string> = { SMS: "SMS", EMAIL: "e-mel" }
const subject: Record<MethodId, string> = { SMS: "SMS", EMAIL: "E-mel" }
const server: Record<MethodId, string> = { SMS: "perkhidmatan SMS", EMAIL: "pelayan mel" }
const place: Record<MethodId, string> = { SMS: "nombor", EMAIL: "alamat" }
const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
const operation: Record<Purpose, string> = {
  "sign-in": "log masuk",
  "step-up": "semakan keselamatan",
  setup: "penyediaan",
  change: "pertukaran"
}

const duration = (seconds: number): string =>
  seconds < 60
    ? `${Math.max(1, Math.round(seconds))} saat`
    : seconds < 3600
      ? `${Math.floor(seconds / 60)} minit`
      : `${Math.floor(seconds / 3600)} jam`

const stillOn = (method: MethodId | null): string =>
  method === null ? "Pengesahan dua faktor masih dimatikan." : `${subject[method]} masih aktif.`

const after = ({ until }: Refused): string => (until === undefined ? "sebentar lagi" : `selepas ${until.clock}`)

const refusal = (what: string) => (about: Refused) => `${what} ${stillOn(about.inForce)}`

/** Malay, as it is written in Malaysia. */
export const ms: PageWords = {
  language: "ms-MY",
  skip: "Terus ke kandungan",
  title: (heading, brand) => `${heading} – ${brand}`,
  errorTitle: (title) => `Ralat: ${title}`,
  problem: "Terdapat masalah",
  stepOf: (step, steps) => `Langkah ${step} daripada ${steps}`,
  back: "Kembali",
  backToPortal: (brand) => `Kembali ke ${brand}`,
  signOut: "Log keluar",
  reference: (reference) => `Rujukan ${reference}`,
  support: (address) => `Sokongan: ${address}`,
  steps: {
    menu: { heading: "Buka menu akaun", control: "Menu akaun" },
    account: { heading: "Buka Akaun Saya", control: "Akaun Saya" },
    security: { heading: "Keselamatan Akaun", control: "Keselamatan Akaun" },
    manage: { heading: "Urus pengesahan dua faktor", control: "Urus pengesahan dua faktor" },
    disable: { heading: "Matikan pengesahan dua faktor", control: "Matikan 2FA" },
    again: { heading: "Keselamatan Akaun", control: "Sediakan Pengesahan Dua Faktor" },
    choose: { heading: "Pilih cara menerima kod anda", control: "Pengesahan E-mel" },
    confirm: { heading: "Sahkan dengan kata laluan anda", control: "Sahkan" },
    verify: { heading: "Masukkan kod pengesahan anda", control: "Sahkan kod" },
    done: { heading: "Pengesahan dua faktor telah aktif", control: "Baik" },
    success: { heading: "Keselamatan Akaun", control: "Keselamatan Akaun" }
  },
  method: { SMS: "SMS", EMAIL: "E-mel" },
  choice: { SMS: "Pengesahan SMS", EMAIL: "Pengesahan E-mel" },
  strength: {
    SMS: "Kod melalui SMS lebih baik daripada e-mel: pencuri memerlukan telefon anda, atau nombor anda dipindahkan ke kad SIM lain.",
    EMAIL:
      "Kod melalui e-mel ialah kaedah yang paling lemah: sesiapa yang boleh membaca peti mel anda boleh membaca kod anda."
  },
  duration,
  until: ({ clock, seconds }) => `hingga ${clock}, ${duration(seconds)}`,
  at: (moment) => `pada ${moment}`,
  lamps: {
    now: "Sekarang",
    next: "Selepas kod anda diterima",
    on: "aktif",
    off: "belum aktif",
    none: "Tiada faktor kedua"
  },
  overview: {
    on: (method, destination) =>
      `Pengesahan dua faktor aktif. Kod anda dihantar melalui ${method === "SMS" ? "SMS" : "e-mel"} ke ${destination}.`,
    off: "Pengesahan dua faktor dimatikan. Akaun anda dilindungi oleh kata laluan sahaja.",
    mustEnrol: "Pengesahan dua faktor anda telah ditetapkan semula. Sediakannya semula sebelum membuat perkara lain.",
    updated: (standard) => `Standard keselamatan anda telah dikemas kini kepada ${standard}`,
    turnedOff:
      "Pengesahan dua faktor kini dimatikan. Anda boleh menghidupkannya semula dalam masa 72 jam melalui e-mel yang kami hantar.",
    pending: (method) => `Anda telah meminta kod melalui ${by[method]}, dan kod itu belum dimasukkan.`,
    goOn: "Teruskan",
    suspended:
      "Kemasukan kod dihentikan sementara selepas terlalu banyak kod yang salah. Pengesahan dua faktor masih melindungi akaun anda. Pasukan sokongan boleh membantu.",
    reported:
      "Anda memberitahu kami bahawa satu perubahan bukan dibuat oleh anda, jadi perubahan dihentikan. Log masuk masih berfungsi, dan kaedah anda masih aktif.",
    reportedOff:
      "Anda memberitahu kami bahawa satu perubahan bukan dibuat oleh anda, jadi perubahan dihentikan semasa pengesahan dua faktor dimatikan. Hidupkannya semula daripada e-mel yang kami hantar, atau hubungi pasukan sokongan.",
    itWasMe: "Itu saya",
    reset: (who, when) =>
      `${who} meminta pengesahan dua faktor anda ditetapkan semula. Ia berkuat kuasa pada ${when}, kecuali anda menghentikannya.`,
    stopReset: "Hentikan",
    activity: "Aktiviti terkini",
    lastChange: (moment) => `Kali terakhir diubah pada ${moment}.`,
    slack: (users) =>
      `${users === 1 ? "Seorang pengguna Slack" : `${users} pengguna Slack`} dapat melihat dalam Slack bagaimana akaun anda dilindungi.`,
    unlinkSlack: "Buang daripada Slack",
    slackUnlinked: "Tiada sesiapa lagi dapat melihat akaun anda dalam Slack."
  },
  manage: {
    changeTitle: "Tukar kepada kaedah lain",
    change: "Tukar kaedah",
    changeHint: "Disyorkan. Kaedah yang anda ada kekal aktif sehingga kaedah baharu berfungsi.",
    disableHint: "Akaun anda kemudian dilindungi oleh kata laluan sahaja."
  },
  proof: {
    intro: (method, destination) =>
      `Mula-mula tunjukkan bahawa ini anda: kami menghantar kod kepada kaedah semasa anda, melalui ${method === "SMS" ? "SMS" : "e-mel"} ke ${destination}.`,
    send: "Hantar kod kepada saya"
  },
  disable: {
    warning:
      "Tanpa faktor kedua, kata laluan anda sahaja sudah membuka akaun anda. Kami memaklumkan anda di setiap alamat yang direkodkan.",
    changeInstead: "Tukar kaedah sahaja"
  },
  setUp: {
    intro: {
      SMS: (to) =>
        to === null ? "Kami menghantar kod melalui SMS ke telefon anda." : `Kami menghantar kod melalui SMS ke ${to}.`,
      EMAIL: (to) => `Kami menghantar kod melalui e-mel ke ${to ?? "alamat berdaftar anda"}.`
    },
    sameMailbox:
      "Ini juga peti mel yang menetapkan semula kata laluan anda: sesiapa yang boleh membacanya mungkin dapat melepasi kedua-duanya. Lindungi peti mel itu dengan faktor keduanya sendiri.",
    phone: "Nombor telefon",
    phoneHint: "Dengan kod negara, seperti +60125550101.",
    otherPhone: "Guna nombor lain"
  },
  change: {
    heading: "Tukar kaedah",
    pick: "Kaedah baharu",
    stays: (method) => `${subject[method]} kekal aktif sehingga kod daripada kaedah baharu diterima.`
  },
  password: "Kata laluan",
  code: "Kod pengesahan",
  verify: {
    sent: (length, destination) => `Kami menghantar kod ${length} digit ke ${destination}.`,
    notSent: (destination) => `Kami tidak dapat menghantar kod ke ${destination}.`,
    stays: (method) => `${subject[method]} kekal aktif sehingga kod ini diterima.`,
    nothingOn: "Pengesahan dua faktor dimatikan sehingga kod ini diterima.",
    lives: (until) => `Kod ini boleh digunakan ${ms.until(until)}.`,
    expired: (issued) => `Kod itu dihantar pada ${issued} dan telah tamat tempoh.`,
    hint: (length) => `${length} digit. Anda boleh menampal keseluruhan mesej.`,
    again: "Hantar semula",
    fresh: "Hantar kod baharu",
    wait: (seconds) => `Anda boleh memintanya semula dalam ${duration(seconds)}.`,
    checkAgain: "Semak semula",
    slow: "Ini lebih lambat daripada biasa. Lihat folder spam, atau pastikan telefon anda mempunyai isyarat.",
    otherMethod: "Guna kaedah lain",
    cancel: "Berhenti di sini",
    delivery: {
      queued: () => "Menunggu untuk dihantar.",
      handed_over: ({ method, clock }) => `Diserahkan kepada ${server[method]} pada ${clock}`,
      deferred: ({ method, clock }) => `${capital(server[method])} tidak menerimanya pada ${clock}. Kami mencuba lagi.`,
      failed: ({ method }) =>
        `${capital(server[method])} menolaknya. Guna kaedah lain, atau semak ${place[method]} itu.`
    },
    headings: {
      "sign-in": "Masukkan kod pengesahan anda",
      "step-up": "Tunjukkan bahawa ini anda",
      setup: "Masukkan kod pengesahan anda",
      change: "Masukkan kod pengesahan anda"
    },
    controls: { "sign-in": "Sahkan kod", "step-up": "Sahkan kod", setup: "Sahkan kod", change: "Sahkan kod" }
  },
  done: {
    already: (clock) => `Sudah selesai pada ${clock}.`,
    told: "Kami telah menghantar pengesahan ke setiap alamat yang direkodkan."
  },
  closed: {
    usedUp: "Tiada cubaan lagi",
    heading: "Kod ini tidak diperlukan lagi",
    over: "Tujuannya sudah berakhir: kod itu telah digunakan, diganti, dihentikan atau tamat tempoh.",
    startAgain: "Mula semula",
    unchanged: stillOn
  },
  activity: {
    heading: "Aktiviti terkini",
    older: "Lebih lama",
    empty: "Belum ada apa-apa yang berlaku.",
    from: (browser) => `dari ${browser}`,
    events: {
      "account.imported": () => "Akaun anda didaftarkan di sini.",
      "account.contact_changed": () => "Butiran hubungan anda diubah.",
      "account.deleted": () => "Akaun anda dipadamkan.",
      signed_in: () => "Anda log masuk.",
      "code.requested": ({ method, purpose }) =>
        `Kod diminta${method === undefined ? "" : ` melalui ${by[method]}`}${purpose === undefined ? "" : `, untuk ${operation[purpose]}`}.`,
      "code.accepted": ({ purpose }) =>
        `Kod yang betul dimasukkan${purpose === undefined ? "" : ` untuk ${operation[purpose]}`}.`,
      "code.rejected": ({ purpose }) =>
        `Kod yang salah dimasukkan${purpose === undefined ? "" : ` untuk ${operation[purpose]}`}.`,
      "password.rejected": () => "Kata laluan yang salah dimasukkan.",
      "challenge.closed": ({ purpose }) =>
        `Kod${purpose === undefined ? "" : ` untuk ${operation[purpose]}`} tidak sah lagi.`,
      "method.enabled": ({ method }) =>
        `Pengesahan dua faktor${method === undefined ? "" : ` melalui ${by[method]}`} dihidupkan.`,
      "method.changed": ({ method }) => `Kaedah anda ditukar${method === undefined ? "" : ` kepada ${by[method]}`}.`,
      "method.disabled": () => "Pengesahan dua faktor dimatikan.",
      "method.suspended": () => "Kemasukan kod dihentikan sementara selepas terlalu banyak kod yang salah.",
      "protection.reported": () => "Satu perubahan dilaporkan bukan dibuat oleh anda.",
      "protection.undone": () => "Satu perubahan dibatalkan, atau satu laporan ditarik balik.",
      "delivery.failed": () => "Satu mesej kepada anda tidak dapat dihantar.",
      "reset.requested": () => "Pasukan sokongan diminta menetapkan semula pengesahan dua faktor anda.",
      "reset.cancelled": () => "Penetapan semula oleh pasukan sokongan dihentikan.",
      "reset.executed": () => "Pasukan sokongan menetapkan semula pengesahan dua faktor anda.",
      "slack.linked": ({ refused }) =>
        refused
          ? "Nombor yang salah dipilih untuk memautkan pengguna Slack. Tiada apa yang dipautkan."
          : "Seorang pengguna Slack dipautkan kepada akaun anda.",
      "slack.unlinked": () => "Pautan seorang pengguna Slack kepada akaun anda dibuang."
    }
  },
  enter: {
    heading: (brand) => `Keselamatan Akaun ${brand}`,
    intro: "Anda akan pergi ke halaman yang melindungi akaun anda.",
    control: "Teruskan",
    over: "Pautan ini telah digunakan, atau minitnya sudah tamat. Buka Keselamatan Akaun di portal sekali lagi."
  },
  signedOut: {
    heading: "Anda telah log keluar di sini",
    body: "Anda mungkin masih log masuk di portal: log keluar di sana juga jika orang lain menggunakan peranti ini."
  },
  sessionEnded: {
    heading: "Anda perlu membuka halaman ini dari portal sekali lagi",
    body: "Masa anda di sini sudah tamat, atau akaun anda diubah di tempat lain. Tiada apa yang diubah oleh halaman ini."
  },
  notFound: {
    heading: "Halaman ini tiada di sini",
    body: "Tiada halaman sedemikian, atau halaman itu bukan untuk anda. Jika anda mengikuti satu pautan, pautan itu mungkin sudah lama."
  },
  misuse: {
    heading: "Itu datang dari tempat lain",
    body: "Kami tidak dapat memastikan butang itu ditekan pada halaman kami. Tiada apa yang diubah. Kembali, muatkan halaman semula dan tekan sekali lagi."
  },
  unavailable: {
    heading: "Ini tidak berfungsi buat masa ini",
    body: "Sesuatu di pihak kami tidak menjawab. Tiada apa yang diubah, atau belum diketahui: cuba lagi, dan anda akan dimaklumkan.",
    retry: "Cuba lagi"
  },
  refusals: {
    password_incorrect: refusal("Kata laluan itu tidak betul. Tiada apa yang diubah."),
    password_missing: () => "Masukkan kata laluan anda.",
    code_incorrect: ({ attemptsRemaining = 0 }) => `Kod itu tidak betul. Tinggal ${attemptsRemaining} cubaan.`,
    code_malformed: ({ codeLength }) => `Kod itu ${codeLength} digit.`,
    code_expired: () => "Kod itu telah tamat tempoh. Hantar kod baharu.",
    code_of_another: ({ other, attemptsRemaining = 0 }) =>
      `Kod itu untuk ${other === undefined ? "perkara lain" : `${operation[other.purpose]} pada ${other.clock}`}, bukan untuk ini. Tinggal ${attemptsRemaining} cubaan.`,
    too_many_attempts: (about) => `Terlalu banyak cubaan. ${stillOn(about.inForce)} Mula semula ${after(about)}.`,
    rate_limited: (about) =>
      `Terlalu banyak cubaan, atau terlalu banyak kod diminta. ${stillOn(about.inForce)} Cuba lagi ${after(about)}.`,
    resend_too_soon: ({ until }) =>
      `Anda boleh memintanya semula dalam ${duration(until?.seconds ?? 30)}. Kod yang kami hantar masih boleh digunakan.`,
    challenge_closed: refusal("Kod ini tidak sah lagi: ia telah digunakan, diganti atau dihentikan."),
    step_up_required: refusal("Mula-mula tunjukkan bahawa ini anda, dengan kod kepada kaedah semasa anda."),
    phone_malformed: () => "Masukkan nombor telefon dengan kod negara, seperti +60125550101.",
    same_method: refusal("Itu kaedah yang sudah anda gunakan."),
    method_unavailable: refusal("Kaedah itu tidak boleh digunakan di sini buat masa ini."),
    method_suspended: refusal("Kemasukan kod dihentikan sementara selepas terlalu banyak kod yang salah."),
    protection_reported: refusal("Perubahan dihentikan, kerana satu perubahan dilaporkan bukan dibuat oleh anda."),
    state_changed: refusal("Ini telah berubah sementara itu, mungkin di tab lain."),
    unavailable: refusal("Itu tidak berjaya sebentar tadi. Cuba lagi sekejap lagi.")
  },
  lost: {
    link: "Saya tidak dapat menerima kod ini",
    heading: "Jika telefon anda hilang, atau anda tidak dapat menerima kod anda",
    intro:
      "Tiada sesiapa boleh memintas faktor kedua anda dengan segera, dan begitu juga pencuri. Inilah caranya, yang paling cepat dahulu.",
    ways: [
      {
        heading: "Jika kod anda dihantar melalui e-mel: beberapa minit",
        body: () =>
          "Lihat folder spam, dan pastikan anda boleh log masuk ke peti mel anda. Jika orang lain mungkin boleh membacanya, tukar kata laluannya dahulu."
      },
      {
        heading: "Jika pengesahan dua faktor baru sahaja ditukar atau dimatikan: beberapa minit",
        body: () =>
          "E-mel atau SMS yang memaklumkan anda mempunyai pautan. Selama 72 jam ia membawa anda ke halaman untuk menghentikan perubahan selanjutnya dan mengembalikan kaedah terdahulu."
      },
      {
        heading: "Dapatkan semula nombor anda: selalunya pada hari yang sama",
        body: () =>
          "Minta syarikat telefon anda menyekat kad SIM yang hilang dan memberi anda yang baharu. Kod anda dihantar ke nombor yang sama, dan tiada apa yang perlu diubah di sini."
      },
      {
        heading: "Minta pasukan sokongan menetapkan semula",
        body: ({ brand, wait }) =>
          `Pasukan sokongan ${brand} boleh menetapkan semula faktor kedua anda selepas menyemak siapa anda. Ia berkuat kuasa selepas ${wait}: semua alamat anda dimaklumkan serta-merta, dan setiap satu boleh menghentikannya. Selepas itu anda log masuk dengan kata laluan dan menyediakan kaedah baharu, yang mengambil masa kira-kira tiga minit.`
      }
    ]
  },
  guide: {
    heading: "Cara menukar pengesahan dua faktor daripada SMS kepada e-mel",
    intro: "Anda memerlukan kata laluan anda, dan perlu melihat peti mel anda. Ia mengambil masa kira-kira tiga minit.",
    better:
      "Lebih pendek, dan akaun anda tidak pernah tanpa faktor kedua: pilih Tukar kaedah dalam langkah 4. SMS kekal aktif sehingga kod daripada e-mel diterima.",
    picture: (step) => `Gambar halaman: ${step}`,
    steps: {
      menu: (_, brand) => `Log masuk ke ${brand} dan tekan nama anda di bahagian atas.`,
      account: (control) => `Pilih ${control}.`,
      security: (control) => `Buka tab ${control}.`,
      manage: (control) => `Tekan ${control}. Ia ada hanya semasa pengesahan dua faktor aktif.`,
      disable: (control) => `Pilih untuk mematikannya, masukkan kata laluan anda dan tekan ${control}.`,
      again: (control) => `Tekan ${control}.`,
      choose: (control) => `Pilih ${control}.`,
      confirm: (control) => `Masukkan kata laluan anda dan tekan ${control}. Kami menghantar kod ke peti mel anda.`,
      verify: (control) => `Masukkan kod daripada e-mel dan tekan ${control}.`,
      done: (control) => `Tekan ${control}.`,
      success: () =>
        "Halaman menyatakan bahawa standard keselamatan anda telah dikemas kini kepada EMAIL, dan satu e-mel mengesahkannya."
    }
  },
  notice: {
    heading: "Adakah ini anda?",
    happened: {
      "set-up": (to) => `Pengesahan dua faktor melalui ${by[to]} dihidupkan.`,
      changed: (from, to) => `Faktor kedua anda ditukar daripada ${by[from]} kepada ${by[to]}.`,
      moved: (to) => `Kod anda melalui ${by[to]} kini dihantar ke destinasi lain.`,
      disabled: (from) => `Pengesahan dua faktor melalui ${by[from]} dimatikan.`,
      reset: (who) => `${who} meminta pasukan sokongan menetapkan semula pengesahan dua faktor anda.`
    },
    when: "Masa",
    where: "Dari",
    account: "Akaun",
    report: {
      heading: "Jika ini bukan anda",
      body: "Kami menghentikan semua perubahan selanjutnya serta-merta. Log masuk masih berfungsi. Tiada perkara lain yang diminta daripada anda.",
      control: "Ini bukan saya"
    },
    turnBackOn: {
      heading: "Hidupkan semula",
      body: "Dengan kata laluan anda, kaedah yang dimatikan melindungi akaun anda semula.",
      control: "Hidupkan semula"
    },
    goBack: {
      heading: "Kembali ke kaedah terdahulu",
      body: (to) =>
        `Dengan kata laluan anda dan kod melalui ${by[to]} ke destinasi terdahulu, perubahan itu dibatalkan.`,
      control: "Kembali ke kaedah itu"
    },
    stop: {
      heading: "Hentikan penetapan semula",
      body: (when) => `Ia berkuat kuasa pada ${when}. Jika anda tidak memintanya, hentikannya.`,
      control: "Hentikan"
    },
    used: "Pautan ini telah digunakan. Satu pautan berfungsi sekali sahaja.",
    void: "Akaun anda telah berubah sejak itu, jadi pautan ini tidak membuat apa-apa lagi.",
    expired: "Pautan ini lebih lama daripada 72 jam dan tidak membuat apa-apa lagi.",
    reported: "Semua perubahan selanjutnya dihentikan. Jika ragu-ragu, hubungi pasukan sokongan.",
    turnedBackOn: (to) => `Pengesahan dua faktor${to === null ? "" : ` melalui ${by[to]}`} aktif semula.`,
    resetExecuted:
      "Penetapan semula telah dilaksanakan: pengesahan dua faktor dimatikan. Log masuk dengan kata laluan anda dan sediakannya semula.",
    stopped: "Penetapan semula dihentikan. Tiada perkara lain yang diubah.",
    wentBack: (to) => (to === null ? "Perubahan itu telah dibatalkan." : `Faktor kedua anda ialah ${by[to]} semula.`)
  },
  slackLink: {
    heading: "Pautkan pengguna Slack ini kepada akaun anda?",
    user: "Pengguna Slack",
    workspace: "Ruang kerja",
    account: "Akaun anda",
    sees: {
      heading: "Perkara yang dapat dilihat oleh orang ini dalam Slack selepas itu",
      items: [
        "Sama ada pengesahan dua faktor aktif, dan melalui kaedah yang mana.",
        "Apa yang berlaku baru-baru ini pada perlindungan akaun anda, dan apa yang berubah kemudian."
      ],
      never:
        "Tiada alamat, nombor telefon atau kod ditunjukkan di sana. Slack tidak sekali-kali boleh mengubah apa-apa pada akaun anda."
    },
    ends: (command) => `Anda boleh menamatkannya pada bila-bila masa: taip ${command} dalam Slack.`,
    onlyYou:
      "Teruskan hanya jika pengguna Slack ini ialah anda. Jika orang lain yang menghantar pautan ini kepada anda, tutup halaman ini: tiada apa yang dipautkan.",
    lives: (until) => `Halaman ini boleh digunakan ${ms.until(until)}.`,
    next: "Selepas ini, Slack menunjukkan satu nombor dua digit dalam mesej terus kepada orang ini, dan anda memilih nombor yang sama di sini.",
    send: "Hantar nombor itu ke Slack",
    which: "Nombor manakah yang ditunjukkan oleh Slack kepada anda?",
    hint: "Nombor itu ada dalam mesej terus daripada bot, beberapa saat selepas anda memintanya. Jika tiada nombor yang sampai, jangan pilih apa-apa. Nombor yang salah menamatkan pautan ini.",
    missing: "Pilih nombor yang ditunjukkan oleh Slack kepada anda. Tiada apa yang dipautkan.",
    control: "Pautkan",
    linked: {
      heading: "Telah dipautkan",
      body: "Pengguna Slack ini kini boleh melihat cara akaun anda dilindungi.",
      told: "Kami telah menghantar e-mel mengenainya ke alamat anda yang direkodkan."
    },
    wrong: {
      heading: "Itu nombor yang lain",
      body: "Tiada apa yang dipautkan, dan pautan ini sudah tamat.",
      sent: "Jika orang lain yang menghantar pautan ini kepada anda, tiada apa lagi yang perlu dilakukan."
    },
    over: {
      heading: "Pautan ini sudah tamat",
      body: "Pautan ini telah digunakan, masanya sudah habis, atau ia milik akaun lain. Membukanya tidak memautkan apa-apa."
    },
    again: (command) => `Untuk memautkan pengguna Slack anda sendiri, taip ${command} dalam Slack sekali lagi.`,
    signIn: {
      heading: "Log masuk di portal dahulu",
      body: "Anda belum log masuk di sini, jadi tiada apa yang dipautkan. Log masuk di portal dan buka Keselamatan Akaun di sana.",
      onwards: (command) =>
        `Kemudian tekan butang dalam Slack sekali lagi. Butang itu berfungsi selama sepuluh minit; selepas itu, taip ${command} dalam Slack sekali lagi.`
    }
  }
}
