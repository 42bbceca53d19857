/** A primitive that only its own constructor may make: `Branded<string, 'PeerId'>`. */
declare const brand: unique symbol;
export type Branded<Value, Name extends string> = Value & { readonly [brand]: Name };
