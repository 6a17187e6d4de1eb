/** The part of `subset-font` that the build uses; the package brings no types. */
declare module "subset-font" {
  type VariationAxis = { readonly min: number; readonly max: number; readonly default: number };
  type Options = {
    readonly targetFormat: "woff2";
    readonly variationAxes?: Readonly<Record<string, VariationAxis>>;
  };
  /** The font cut down to the letters of the text, with what joins them. */
  export default function subsetFont(font: Uint8Array, text: string, options: Options): Promise<Uint8Array>;
}
