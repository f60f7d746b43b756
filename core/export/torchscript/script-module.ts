/** A TorchScript module as the engine builds it: its tensors, the modules in it, and the source of its methods. */
export interface ScriptModule {
  /** Name of its class, as TorchScript shows it. */
  readonly type: string;
  readonly tensors: readonly {
    readonly attribute: string;
    /** In the state dict: the attributes of all modules above it, with dots between. */
    readonly name: string;
    readonly isBuffer: boolean;
  }[];
  readonly modules: readonly { readonly attribute: string; readonly module: ScriptModule }[];
  /** Empty of a module that only holds others or tensors. */
  readonly source: string;
  /** Keeps what it makes in a list `made`, to find where outputs part. */
  readonly isTraced: boolean;
}
