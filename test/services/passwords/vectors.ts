const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const latin1 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, "latin1"))

/** A hash that another project publishes, with the password that fits it. */
export interface Vector {
  readonly format: string
  readonly source: string
  readonly password: Uint8Array<ArrayBuffer>
  readonly hash: string
  /** What is stored, where that is another text. */
  readonly stored?: string
}

const argon2 = (source: string, hash: string, password = "password"): Vector => ({
  format: "argon2",
  source,
  password: utf8(password),
  hash
})
const bcrypt = (hash: string, password: Uint8Array<ArrayBuffer>): Vector => ({
  format: "bcrypt",
  source: "crypt_blowfish, wrapper.c",
  password,
  hash
})
const phpass = (source: string, hash: string, password: string): Vector => ({
  format: "phpass",
  source,
  password: utf8(password),
  hash
})
const ssha = (hash: string, password: string): Vector => ({
  format: "{SSHA}",
  source: "passlib, tests/test_handlers.py",
  password: utf8(password),
  hash
})
const drepper = (hash: string, password: string): Vector => ({
  format: "sha512-crypt",
  source: "SHA-crypt.txt, test table",
  password: utf8(password),
  hash
})
const libxcrypt = (length: number, hash: string): Vector => ({
  format: "sha512-crypt",
  source: `libxcrypt 4.4 itself, ${length} bytes`,
  password: utf8("a".repeat(length)),
  hash
})
const django = (source: string, hash: string): Vector => ({
  format: "Django",
  source,
  password: utf8("lètmein"),
  hash
})

const bare = (text: string, encoding: "utf8" | "hex"): string =>
  Buffer.from(text, encoding).toString("base64").replace(/=+$/, "")

const rfc7914 = (password: string, salt: string, cost: string, digest: string): Vector => ({
  format: "scrypt",
  source: `RFC 7914 section 12, ${cost}`,
  password: utf8(password),
  hash: `$scrypt$${cost}$${bare(salt, "utf8")}$${bare(digest, "hex")}`
})

const keycloak = (source: string, password: string, hash: unknown, stored: string): Vector => ({
  format: "Keycloak",
  source,
  password: utf8(password),
  hash: typeof hash === "string" ? hash : JSON.stringify(hash),
  stored
})

const rfc6070 = { value: "SwB5AbdlSJq+rUnZJvch0GWkKcE=", salt: "c2FsdA==" } // password, salt, 4096
const rfc7677 = { value: "xKSVEDI6tPlSysH6mUQZOeeOp01r6B3fcJbodRPcYV0=", salt: "W22ZaJ0SNY7soEsUEjb6gQ==" }

const sha512 = {
  value: "0Zexsz2wFD4BixLz0dFHnmzevcyXxcD4f2kC4HL0V7UUPzBgJkGz1VzTNZiMs2uEN2Bg7NUy4Dm3QqI5Q0ry1Q==",
  salt: "c2FsdA=="
}

/** The texts that acceptance and verifying are held against. */
export const vectors: ReadonlyArray<Vector> = [
  argon2(
    "phc-winner-argon2 test.c, 1.0",
    "$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ"
  ),
  argon2(
    "phc-winner-argon2 test.c, 1.3",
    "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA"
  ),
  argon2(
    "phc-winner-argon2 test.c, id",
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
  ),
  argon2(
    "phc-winner-argon2 test.c, id, 2 lanes",
    "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"
  ),
  argon2(
    "phc-winner-argon2 test.c, id, other password",
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94",
    "differentpassword"
  ),

  bcrypt("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", utf8("U*U")),
  bcrypt("$2b$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", utf8("U*U*")),
  bcrypt("$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a", utf8("U*U*U")),
  bcrypt(
    "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui",
    utf8("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored")
  ),
  bcrypt("$2y$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e", latin1("\xff\xff\xa3")),
  bcrypt("$2b$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e", latin1("\xff\xff\xa3")),
  bcrypt("$2y$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq", latin1("\xa3")),
  bcrypt("$2a$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq", latin1("\xa3")),

  rfc7914(
    "password",
    "NaCl",
    "ln=10,r=8,p=16",
    "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
  ),
  rfc7914(
    "pleaseletmein",
    "SodiumChloride",
    "ln=14,r=8,p=1",
    "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
  ),

  django(
    "Django 1.11 tests, test_hashers.py",
    "pbkdf2_sha256$30000$seasalt2$a75qzbogeVhNFeMqhdgyyoqGKpIzYUo651sq57RERew="
  ),
  django(
    "Django 3.2 tests, test_hashers.py",
    "pbkdf2_sha256$260000$seasalt2$UCGMhrOoaq1ghQPArIBK5RkI6IZLRxlIwHWA1dMy7y8="
  ),
  django("Django 6.0 tests, test_hashers.py", "pbkdf2_sha1$1500000$seasalt2$ep4Ou2hnt2mlvMRsIjUln0Z5MYY="),

  keycloak(
    "an export of Keycloak, members as objects",
    "RdaRfqP7Y89vy2",
    {
      id: "2ff4b4d0-fd72-4c6e-9684-02ab337687c2",
      type: "password",
      userLabel: "My password",
      secretData: {
        value: "ZXVC08Hf4jBOoYzVoNWYjQijsMC2oc/OUa9LciiIJ/1XHPF/qPiY1DqwLLDN2hYFmf/1kApkveD8/Pr7GVqjgw==",
        salt: "Td6XuopYK6JNfUnIlqYMOQ==",
        additionalParameters: {}
      },
      credentialData: { hashIterations: 27500, algorithm: "pbkdf2-sha256", additionalParameters: {} }
    },
    '{"secretData":{"value":"ZXVC08Hf4jBOoYzVoNWYjQijsMC2oc/OUa9LciiIJ/1XHPF/qPiY1DqwLLDN2hYFmf/1kApkveD8/Pr7GVqjgw==","salt":"Td6XuopYK6JNfUnIlqYMOQ=="},"credentialData":{"hashIterations":27500,"algorithm":"pbkdf2-sha256"}}'
  ),
  keycloak(
    "RFC 7677 example's salted password, members as texts",
    "pencil",
    {
      secretData: JSON.stringify({ ...rfc7677, additionalParameters: {} }),
      credentialData: '{"hashIterations":4096,"algorithm":"pbkdf2-sha256","additionalParameters":{}}'
    },
    JSON.stringify({ secretData: rfc7677, credentialData: { hashIterations: 4096, algorithm: "pbkdf2-sha256" } })
  ),
  keycloak(
    "RFC 6070 vector 3, SHA-1",
    "password",
    { secretData: rfc6070, credentialData: { hashIterations: 4096, algorithm: "pbkdf2" } },
    JSON.stringify({ secretData: rfc6070, credentialData: { hashIterations: 4096, algorithm: "pbkdf2" } })
  ),
  keycloak(
    "RFC 6070's third case with SHA-512, as crypto libraries test it",
    "password",
    { secretData: sha512, credentialData: { hashIterations: 4096, algorithm: "pbkdf2-sha512" } },
    JSON.stringify({ secretData: sha512, credentialData: { hashIterations: 4096, algorithm: "pbkdf2-sha512" } })
  ),
  keycloak(
    "phc-winner-argon2 test.c as Keycloak writes it",
    "password",
    {
      secretData: {
        value: "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc=",
        salt: "c29tZXNhbHQ=",
        additionalParameters: {}
      },
      credentialData: JSON.stringify({
        hashIterations: 2,
        algorithm: "argon2",
        additionalParameters: {
          hashLength: ["32"],
          memory: ["65536"],
          type: ["id"],
          version: ["1.3"],
          parallelism: ["1"]
        }
      })
    },
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
  ),

  phpass("phpass 0.3, test.php", "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0", "test12345"),
  phpass("John the Ripper", "$H$9aaaaaSXBjgypwqm.JsMssPLiS8YQ00", "test1"),
  phpass("John the Ripper", "$P$912345678LIjjb6PhecupozNBmDndU0", "thisisalongertestPW"),
  phpass("John the Ripper", "$P$B12345678L6Lpt4BxNotVIMILOa9u81", "JohnRipper"),
  phpass("passlib, count 2^17", "$P$FiS0N5L672xzQx1rt1vgdJQRYKnQM9/", "compL3X!"),
  phpass("passlib, empty", "$P$7JaFQsPzJSuenezefD/3jHgt5hVfNH0", ""),

  ssha("{SSHA}0c0blFTXXNuAMHECS4uxrj3ZieMoWImr", "testing123"),
  ssha("{SSHA}0H+zTv8o4MR4H43n03eCsvw1luG8LdB7", "secret"),
  ssha("{SSHA}P90+qijSp8MJ1tN25j5o1PflUvlqjXHOGeOckw==", "test"),

  drepper(
    "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
    "Hello world!"
  ),
  drepper(
    "$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.",
    "Hello world!"
  ),
  drepper(
    "$6$rounds=5000$toolongsaltstrin$lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0",
    "This is just a test"
  ),
  drepper(
    "$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1",
    "a very much longer text to encrypt.  This one even stretches over morethan one line."
  ),
  drepper(
    "$6$rounds=77777$short$WuQyW2YR.hBNpjjRhpYD/ifIw05xdfeEyQoMxIXbkvr0gge1a1x3yRULJ5CCaUeOxFmtlcGZelFl5CxtgfiAc0",
    "we have a short salt string but not a short password"
  ),
  drepper(
    "$6$rounds=123456$asaltof16chars..$BtCwjqMJGx5hrJhZywWvt0RLE8uZ4oPwcelCjmw2kSYu.Ec6ycULevoBK25fs2xXgMNrCzIMVcgEJAstJeonj1",
    "a short string"
  ),
  drepper(
    "$6$rounds=1000$roundstoolow$kUMsbe306n21p9R.FRkW3IGn.S9NPN0x50YhH1xhLsPuWGsUSklZt58jaTfF4ZEQpyUNGc0dqbpBYYBaHHrsX.",
    "the minimum number is still observed"
  ),
  libxcrypt(
    0,
    "$6$rounds=1000$saltsalt$VEHSITfYmhRDpD6t31S9LUhNne.FOx10qNSjfu2skYK5wKPYCkdF/995SUbfpqIy5BFbEit9G4aDmW4aq4oX9."
  ),
  libxcrypt(
    63,
    "$6$rounds=1000$saltsalt$MuFcEAgiFUG6OHlGe31gdvgT.59bWdvSZ6lReX30G7iuJSUuC8f8y5BHFUS.80LbOmpot8QyFMOj46we/FGlK0"
  ),
  libxcrypt(
    64,
    "$6$rounds=1000$saltsalt$YufBUyoUQWoz.cAB0N5BrSa2ZE5Of.D/H0VPy0LwiewoNuiZPFL9xHm6f4BD96H6DvartNf5Steel3x6LrJg.."
  ),
  libxcrypt(
    65,
    "$6$rounds=1000$saltsalt$3mw9ldQu/DYU8xcvVjExUowLGyVpk7ZxMnCeDoTQzHuak39yMlkQfIhD/slWXK3O5kG97jy0FIGgT2BaPyajr0"
  ),
  libxcrypt(
    128,
    "$6$rounds=1000$saltsalt$LKY6NZLfOOHT3c76dmtFIs2yukNI4rlv0twwC0q1y5/Lxv6wh5Q0.4kAO2IrFNcrOEvsqMMLLLx8xgrPNCCt//"
  ),
  libxcrypt(
    200,
    "$6$rounds=1000$saltsalt$V1CWKaCYPKg0jeLliasZZ6CPcTv8X.RxWpBUNwYJdLelkNlVp8DdBhwimutFz8CKDcNGE/WNtU1IB1uN/lO2D0"
  )
]
