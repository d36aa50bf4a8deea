/** Memory that threads share and WebAssembly works on. */
export interface WebAssemblyMemory {
  readonly buffer: SharedArrayBuffer;
}

/** A compiled module. Can be sent to another thread. */
export type WebAssemblyModule = object;

/** What is used of WebAssembly, of which the types of Node say nothing. */
interface WebAssembly {
  readonly Memory: new (descriptor: { initial: number; maximum: number; shared: boolean }) => WebAssemblyMemory;
  readonly Module: new (bytes: Uint8Array) => WebAssemblyModule;
  readonly Instance: new (
    module: WebAssemblyModule,
    imports: { env: { memory: WebAssemblyMemory } },
  ) => { readonly exports: unknown };
}

/** WebAssembly; absent where JavaScript is only interpreted, as with `node --jitless`. */
export const { WebAssembly } = globalThis as unknown as { WebAssembly?: WebAssembly };
